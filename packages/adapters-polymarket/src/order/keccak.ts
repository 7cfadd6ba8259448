/** Keccak-f[1600] written out lane by lane, low and high halves apart: JavaScript has no 64-bit integers that are fast. */

/** Bytes that one round of absorbing takes in: Keccak-256 has a capacity of 512 bits. */
const RATE = 136;
/** The rounds' constants, low and high halves. Source: FIPS 202, section 3.2.5. */
const ROUNDS = new Int32Array(48);
for (let round = 0, lfsr = 1; round < 24; round++) {
  for (let bit = 0; bit < 7; bit++) {
    const at = (1 << bit) - 1;
    if ((lfsr & 1) !== 0) ROUNDS[2 * round + (at >> 5)]! ^= 1 << (at & 31);
    lfsr = (lfsr << 1) ^ ((lfsr >> 7) * 0x171);
  }
}

/** The state, and the state with its lanes moved. Used from beginning to end of one call: nothing of it is kept. */
const s = new Int32Array(50);
const b = new Int32Array(50);
const block = new Uint8Array(RATE);
const words = new DataView(block.buffer);

/** Keccak-256, as Ethereum uses it (padding 0x01), of some bytes. */
export function keccak(bytes: Uint8Array): Uint8Array {
  s.fill(0);
  let at = 0;
  for (; at + RATE <= bytes.length; at += RATE) {
    block.set(bytes.subarray(at, at + RATE));
    absorb();
  }
  block.fill(0);
  block.set(bytes.subarray(at));
  block[bytes.length - at]! ^= 0x01;
  block[RATE - 1]! ^= 0x80;
  absorb();
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) view.setInt32(4 * i, s[i]!, true);
  return digest;
}

function absorb(): void {
  for (let i = 0; i < RATE / 4; i++) s[i]! ^= words.getInt32(4 * i, true);
  permute();
}

function permute(): void {
  for (let round = 0; round < 48; round += 2) {
    const c0l = s[0]! ^ s[10]! ^ s[20]! ^ s[30]! ^ s[40]!;
    const c0h = s[1]! ^ s[11]! ^ s[21]! ^ s[31]! ^ s[41]!;
    const c1l = s[2]! ^ s[12]! ^ s[22]! ^ s[32]! ^ s[42]!;
    const c1h = s[3]! ^ s[13]! ^ s[23]! ^ s[33]! ^ s[43]!;
    const c2l = s[4]! ^ s[14]! ^ s[24]! ^ s[34]! ^ s[44]!;
    const c2h = s[5]! ^ s[15]! ^ s[25]! ^ s[35]! ^ s[45]!;
    const c3l = s[6]! ^ s[16]! ^ s[26]! ^ s[36]! ^ s[46]!;
    const c3h = s[7]! ^ s[17]! ^ s[27]! ^ s[37]! ^ s[47]!;
    const c4l = s[8]! ^ s[18]! ^ s[28]! ^ s[38]! ^ s[48]!;
    const c4h = s[9]! ^ s[19]! ^ s[29]! ^ s[39]! ^ s[49]!;
    const d0l = c4l ^ ((c1l << 1) | (c1h >>> 31));
    const d0h = c4h ^ ((c1h << 1) | (c1l >>> 31));
    const d1l = c0l ^ ((c2l << 1) | (c2h >>> 31));
    const d1h = c0h ^ ((c2h << 1) | (c2l >>> 31));
    const d2l = c1l ^ ((c3l << 1) | (c3h >>> 31));
    const d2h = c1h ^ ((c3h << 1) | (c3l >>> 31));
    const d3l = c2l ^ ((c4l << 1) | (c4h >>> 31));
    const d3h = c2h ^ ((c4h << 1) | (c4l >>> 31));
    const d4l = c3l ^ ((c0l << 1) | (c0h >>> 31));
    const d4h = c3h ^ ((c0h << 1) | (c0l >>> 31));
    let l: number;
    let h: number;
    b[0] = s[0]! ^ d0l;
    b[1] = s[1]! ^ d0h;
    l = s[2]! ^ d1l;
    h = s[3]! ^ d1h;
    b[20] = (l << 1) | (h >>> 31);
    b[21] = (h << 1) | (l >>> 31);
    l = s[4]! ^ d2l;
    h = s[5]! ^ d2h;
    b[40] = (h << 30) | (l >>> 2);
    b[41] = (l << 30) | (h >>> 2);
    l = s[6]! ^ d3l;
    h = s[7]! ^ d3h;
    b[10] = (l << 28) | (h >>> 4);
    b[11] = (h << 28) | (l >>> 4);
    l = s[8]! ^ d4l;
    h = s[9]! ^ d4h;
    b[30] = (l << 27) | (h >>> 5);
    b[31] = (h << 27) | (l >>> 5);
    l = s[10]! ^ d0l;
    h = s[11]! ^ d0h;
    b[32] = (h << 4) | (l >>> 28);
    b[33] = (l << 4) | (h >>> 28);
    l = s[12]! ^ d1l;
    h = s[13]! ^ d1h;
    b[2] = (h << 12) | (l >>> 20);
    b[3] = (l << 12) | (h >>> 20);
    l = s[14]! ^ d2l;
    h = s[15]! ^ d2h;
    b[22] = (l << 6) | (h >>> 26);
    b[23] = (h << 6) | (l >>> 26);
    l = s[16]! ^ d3l;
    h = s[17]! ^ d3h;
    b[42] = (h << 23) | (l >>> 9);
    b[43] = (l << 23) | (h >>> 9);
    l = s[18]! ^ d4l;
    h = s[19]! ^ d4h;
    b[12] = (l << 20) | (h >>> 12);
    b[13] = (h << 20) | (l >>> 12);
    l = s[20]! ^ d0l;
    h = s[21]! ^ d0h;
    b[14] = (l << 3) | (h >>> 29);
    b[15] = (h << 3) | (l >>> 29);
    l = s[22]! ^ d1l;
    h = s[23]! ^ d1h;
    b[34] = (l << 10) | (h >>> 22);
    b[35] = (h << 10) | (l >>> 22);
    l = s[24]! ^ d2l;
    h = s[25]! ^ d2h;
    b[4] = (h << 11) | (l >>> 21);
    b[5] = (l << 11) | (h >>> 21);
    l = s[26]! ^ d3l;
    h = s[27]! ^ d3h;
    b[24] = (l << 25) | (h >>> 7);
    b[25] = (h << 25) | (l >>> 7);
    l = s[28]! ^ d4l;
    h = s[29]! ^ d4h;
    b[44] = (h << 7) | (l >>> 25);
    b[45] = (l << 7) | (h >>> 25);
    l = s[30]! ^ d0l;
    h = s[31]! ^ d0h;
    b[46] = (h << 9) | (l >>> 23);
    b[47] = (l << 9) | (h >>> 23);
    l = s[32]! ^ d1l;
    h = s[33]! ^ d1h;
    b[16] = (h << 13) | (l >>> 19);
    b[17] = (l << 13) | (h >>> 19);
    l = s[34]! ^ d2l;
    h = s[35]! ^ d2h;
    b[36] = (l << 15) | (h >>> 17);
    b[37] = (h << 15) | (l >>> 17);
    l = s[36]! ^ d3l;
    h = s[37]! ^ d3h;
    b[6] = (l << 21) | (h >>> 11);
    b[7] = (h << 21) | (l >>> 11);
    l = s[38]! ^ d4l;
    h = s[39]! ^ d4h;
    b[26] = (l << 8) | (h >>> 24);
    b[27] = (h << 8) | (l >>> 24);
    l = s[40]! ^ d0l;
    h = s[41]! ^ d0h;
    b[28] = (l << 18) | (h >>> 14);
    b[29] = (h << 18) | (l >>> 14);
    l = s[42]! ^ d1l;
    h = s[43]! ^ d1h;
    b[48] = (l << 2) | (h >>> 30);
    b[49] = (h << 2) | (l >>> 30);
    l = s[44]! ^ d2l;
    h = s[45]! ^ d2h;
    b[18] = (h << 29) | (l >>> 3);
    b[19] = (l << 29) | (h >>> 3);
    l = s[46]! ^ d3l;
    h = s[47]! ^ d3h;
    b[38] = (h << 24) | (l >>> 8);
    b[39] = (l << 24) | (h >>> 8);
    l = s[48]! ^ d4l;
    h = s[49]! ^ d4h;
    b[8] = (l << 14) | (h >>> 18);
    b[9] = (h << 14) | (l >>> 18);
    for (let row = 0; row < 50; row += 10) {
      const b0l = b[row + 0]!;
      const b1l = b[row + 2]!;
      const b2l = b[row + 4]!;
      const b3l = b[row + 6]!;
      const b4l = b[row + 8]!;
      s[row + 0] = b0l ^ (~b1l & b2l);
      s[row + 2] = b1l ^ (~b2l & b3l);
      s[row + 4] = b2l ^ (~b3l & b4l);
      s[row + 6] = b3l ^ (~b4l & b0l);
      s[row + 8] = b4l ^ (~b0l & b1l);
      const b0h = b[row + 1]!;
      const b1h = b[row + 3]!;
      const b2h = b[row + 5]!;
      const b3h = b[row + 7]!;
      const b4h = b[row + 9]!;
      s[row + 1] = b0h ^ (~b1h & b2h);
      s[row + 3] = b1h ^ (~b2h & b3h);
      s[row + 5] = b2h ^ (~b3h & b4h);
      s[row + 7] = b3h ^ (~b4h & b0h);
      s[row + 9] = b4h ^ (~b0h & b1h);
    }
    s[0]! ^= ROUNDS[round]!;
    s[1]! ^= ROUNDS[round + 1]!;
  }
}
