// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Where wallets come from and through whom they are told what to do: Polymarket's addresses on Polygon.
address constant SAFE_FACTORY = 0xaacFeEa03eb1561C4e67d661e40682Bd20E3541b;
address constant SAFE_MULTISEND = 0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761;
address constant PROXY_FACTORY = 0xaB45c5A4B0c941a2F231C04C3f49182e1A254052;
address constant PROXY_IMPLEMENTATION = 0x44e999d5c2F66Ef0861317f9A4805AC2e90aEB4f;
address constant RELAY_HUB = 0xD216153c06E857cD7f72665E0aF1d7D82172F494;
address constant DEPOSIT_WALLET_FACTORY = 0x00000000000Fb5C9ADea0298D729A0CB3823Cc07;
address constant DEPOSIT_WALLET_BEACON = 0x7A18EDfe055488A3128f01F563e5B479D92ffc3a;
address constant DEPOSIT_WALLET_IMPLEMENTATION = 0x58CA52ebe0DadfdF531Cde7062e76746de4Db1eB;

bytes32 constant SAFE_INIT_CODE_HASH = 0x2bce2127ff07fb632d16c8347c4ebf501f4841168bed00d9e6ef715ddb6fcecf;
bytes32 constant PROXY_INIT_CODE_HASH = 0xd21df8dc65880a8606f09fe0ce3df9b8869287ab0b058be05aa9e8af6330a00b;

// Who hands in what the relayer was given. Nobody has its key: the node impersonates it.
address constant RELAY_OPERATOR = 0x0000000000000000000000000000000005E1A7e4;

// Where CREATE2 puts what a factory makes.
function create2Address(address factory, bytes32 salt, bytes32 codeHash) pure returns (address) {
    return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", factory, salt, codeHash)))));
}

// Who made a signature of 65 bytes over a hash; nobody when it is none.
function signerOf(bytes32 hash, bytes memory signature, uint8 less) pure returns (address) {
    if (signature.length != 65) return address(0);
    bytes32 r;
    bytes32 s;
    uint8 v;
    assembly ("memory-safe") {
        r := mload(add(signature, 32))
        s := mload(add(signature, 64))
        v := byte(0, mload(add(signature, 96)))
    }
    if (v < less || uint256(s) > 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0) return address(0);
    return ecrecover(hash, v - less, r, s);
}

// What a wallet signs when it signs a hash as a message.
function messageHash(bytes32 hash) pure returns (bytes32) {
    return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", hash));
}

// Fails with the words of what failed.
function failWith(bytes memory reason) pure {
    assembly ("memory-safe") {
        revert(add(reason, 32), mload(reason))
    }
}
