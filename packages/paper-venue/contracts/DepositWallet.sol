// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HoldsTokens} from "./ConditionalTokens.sol";
import {NotAllowed, STEWARD} from "./Addresses.sol";

// A wallet whose owner signs for it (ERC-1271), always wrapped with the wallet's own name and address (ERC-7739), so that a signature
// made for one wallet is of no use to another.
contract DepositWallet is HoldsTokens {
    address public owner;

    bytes4 private constant MAGIC = 0x1626ba7e;

    function initialize(address owner_) external {
        if (msg.sender != STEWARD) revert NotAllowed(msg.sender);
        owner = owner_;
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
