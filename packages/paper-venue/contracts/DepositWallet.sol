// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HoldsTokens} from "./ConditionalTokens.sol";
import {NotAllowed, STEWARD} from "./Addresses.sol";
import {DEPOSIT_WALLET_FACTORY, signerOf} from "./RelayAddresses.sol";

struct Call {
    address target;
    uint256 value;
    bytes data;
}

struct Batch {
    address wallet;
    uint256 nonce;
    uint256 deadline;
    Call[] calls;
}

// A wallet whose owner signs for it (ERC-1271), always wrapped with the wallet's own name and address (ERC-7739), so that a signature
// made for one wallet is of no use to another.
contract DepositWallet is HoldsTokens {
    address public owner;
    uint256 public nonce;

    bytes4 private constant MAGIC = 0x1626ba7e;
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant CALL_TYPEHASH = keccak256("Call(address target,uint256 value,bytes data)");
    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "Batch(address wallet,uint256 nonce,uint256 deadline,Call[] calls)Call(address target,uint256 value,bytes data)"
    );

    event BatchExecuted(uint256 nonce);

    error InvalidWallet();
    error InvalidNonce();
    error Expired();
    error InvalidSignature();
    error BatchCallFailed(uint256 index, address target, bytes reason);

    function initialize(address owner_) external {
        if (msg.sender != STEWARD && (msg.sender != DEPOSIT_WALLET_FACTORY || owner != address(0))) {
            revert NotAllowed(msg.sender);
        }
        owner = owner_;
    }

    /// Does what its owner has signed, all of it or nothing.
    function execute(Batch calldata batch, bytes calldata signature) external {
        if (msg.sender != DEPOSIT_WALLET_FACTORY) revert NotAllowed(msg.sender);
        if (batch.wallet != address(this)) revert InvalidWallet();
        if (batch.nonce != nonce) revert InvalidNonce();
        if (block.timestamp > batch.deadline) revert Expired();
        bytes32[] memory calls = new bytes32[](batch.calls.length);
        for (uint256 i; i < calls.length; i++) {
            Call calldata each = batch.calls[i];
            calls[i] = keccak256(abi.encode(CALL_TYPEHASH, each.target, each.value, keccak256(each.data)));
        }
        bytes32 body = keccak256(
            abi.encode(
                BATCH_TYPEHASH, batch.wallet, batch.nonce, batch.deadline, keccak256(abi.encodePacked(calls))
            )
        );
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("DepositWallet"), keccak256("1"), block.chainid, address(this))
        );
        address signer = signerOf(keccak256(abi.encodePacked(hex"1901", domain, body)), signature, 0);
        if (signer == address(0) || signer != owner) revert InvalidSignature();
        nonce++;
        for (uint256 i; i < calls.length; i++) {
            Call calldata each = batch.calls[i];
            (bool success, bytes memory reason) = each.target.call{value: each.value}(each.data);
            if (!success) revert BatchCallFailed(i, each.target, reason);
        }
        emit BatchExecuted(batch.nonce);
    }

    /// The signature is: r, s, v; the domain separator of the application; the hash of what was signed; its type as text; the
    /// length of that text in two bytes.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length < 65 + 66) return 0xffffffff;
        uint256 length = uint16(bytes2(signature[signature.length - 2:]));
        if (signature.length != 65 + 64 + length + 2 || length == 0) return 0xffffffff;
        bytes32 domain = bytes32(signature[65:97]);
        bytes32 contents = bytes32(signature[97:129]);
        if (hash != keccak256(abi.encodePacked(hex"1901", domain, contents))) return 0xffffffff;
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, _struct(signature[129:129 + length], contents)));
        bytes32 s = bytes32(signature[32:64]);
        // Of the two signatures that each one has, only the lower is taken.
        if (uint256(s) > 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0) return 0xffffffff;
        address signer = ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), s);
        return signer != address(0) && signer == owner ? MAGIC : bytes4(0xffffffff);
    }

    function _struct(bytes calldata description, bytes32 contents) private view returns (bytes32) {
        uint256 end;
        while (end < description.length && description[end] != "(") end++;
        bytes32 typeHash = keccak256(
            abi.encodePacked(
                "TypedDataSign(",
                description[:end],
                " contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)",
                description
            )
        );
        return keccak256(
            abi.encode(
                typeHash,
                contents,
                keccak256("DepositWallet"),
                keccak256("1"),
                block.chainid,
                address(this),
                bytes32(0)
            )
        );
    }
}
