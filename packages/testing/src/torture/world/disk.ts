import type { Storage } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import { never } from "../kernel/never.ts";
import { TortureError } from "../kernel/tortureError.ts";
import type { Disk } from "../record.ts";
import type { Life } from "../program/life.ts";
import { DiskRoom } from "./room.ts";

const NEWLINE = 10;

/** A file on the world's disk. */
export class SimFile implements Disk {
  readonly name: string;
  #buffer = new Uint8Array(16_384);
  #length = 0;
  durable = 0;

  constructor(name: string) {
    this.name = name;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  cut(length: number): void {
    this.#length = length;
    this.durable = Math.min(this.durable, length);
  }

  /** The length at the end of the last whole line that is not longer than `most`. */
  lineEnd(most: number): number {
    return this.#buffer.subarray(0, most).lastIndexOf(NEWLINE) + 1;
  }
}

/** The world's disk. It is full now and then, and does not always do what it is told. */
export class SimDisk {
  readonly room: DiskRoom;
  readonly #ground: Ground;
  readonly #files = new Map<string, SimFile>();
  #full = false;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.room = new DiskRoom(ground);
    ground.schedule("disk_full", () => {
      this.#full = true;
      ground.time.after(ground.dice.stream("disk").between(1_000, 15_000), () => (this.#full = false));
    });
  }

  calm(): void {
    this.#full = false;
    this.room.calm();
  }

  file(name: string): SimFile | undefined {
    return this.#files.get(name);
  }

  files(): Iterable<SimFile> {
    return this.#files.values();
  }

  /** A new file, and the storage through which a program writes it. */
  create(name: string, life: Life): { readonly file: SimFile; readonly storage: Storage } {
    const file = new SimFile(name);
    this.#files.set(name, file);
    const { room } = this;
    room.fill();
    const { time, dice, history } = this.#ground;
    const refuse = (call: "append" | "sync", code: "ENOSPC" | "EIO"): never => {
      history.add({ kind: "disk_error", life: life.number, disk: name, call, code });
      this.#ground.fault(code === "ENOSPC" ? "disk_full" : "disk_error", call, life.number);
      throw new TortureError(code === "ENOSPC" ? "ENOSPC: no space left on device" : "EIO: i/o error");
    };
    const storage: Storage = {
      append: (_segment, bytes) => {
        if (!life.alive) return;
        // A write that finds no room gives the reserve back first, as those of a real run do.
        if (this.#full || (room.isFull && !room.give(life.number))) refuse("append", "ENOSPC");
        file.append(bytes);
        history.add({ kind: "write", life: life.number, disk: name, bytes: file.length });
      },
      sync: async () => {
        if (!life.alive) return never();
        const upTo = file.length;
        if (upTo === file.durable) return;
        await new Promise<void>((resolve) => {
          time.after(dice.stream("disk").between(0.3, 6), () => {
            life.gate(resolve);
          });
        });
        if (dice.strikes("disk_error")) refuse("sync", "EIO");
        file.durable = Math.max(file.durable, upTo);
        history.add({ kind: "sync", life: life.number, disk: name, bytes: file.durable });
      },
      close: () => storage.sync(),
    };
    return { file, storage };
  }

  /** Makes all of a file durable, at once. @throws what the disk says when it is full */
  syncNow(file: SimFile, life: Life): void {
    file.durable = file.length;
    this.#ground.history.add({ kind: "sync", life: life.number, disk: file.name, bytes: file.durable });
  }

  /** What a death leaves of a file: all of it, or, when the power went too, what was synced and some of the rest. */
  afterDeath(file: SimFile, life: number): boolean {
    const { dice } = this.#ground;
    if (file.length === file.durable || !dice.strikes("tail_lost")) return false;
    const draw = dice.stream("disk");
    const kept = draw.int(file.durable, file.length);
    const torn = dice.strikes("tail_torn");
    const end = torn ? kept : Math.max(file.durable, file.lineEnd(kept));
    if (end < file.length) this.#ground.fault("tail_lost", `${file.length - end} bytes`, life);
    const isTorn = end > file.lineEnd(end);
    if (isTorn) this.#ground.fault("tail_torn", `${end - file.lineEnd(end)} bytes of a line`, life);
    file.cut(end);
    return isTorn;
  }
}
