// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

enum Side {
    BUY,
    SELL
}

enum SignatureType {
    EOA,
    POLY_PROXY,
    POLY_GNOSIS_SAFE,
    POLY_1271
}

struct Order {
    uint256 salt;
    address maker;
    address signer;
    uint256 tokenId;
    uint256 makerAmount;
    uint256 takerAmount;
    Side side;
    SignatureType signatureType;
    uint256 timestamp;
    bytes32 metadata;
    bytes32 builder;
    bytes signature;
}

struct OrderStatus {
    bool filled;
    uint248 remaining;
}

interface Erc1271 {
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4);
}

// What an order's hash is and who may sign it.
abstract contract Orders {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)"
    );

    /// Proxies and Safes, by who signs for them. Production computes their addresses from the signer's; here they are told.
    mapping(address => mapping(SignatureType => address)) public walletOf;

    error InvalidSignature();

    function domainSeparator() public view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH, keccak256("Polymarket CTF Exchange"), keccak256("2"), block.chainid, address(this)
            )
        );
    }

    function hashOrder(Order memory order) public view returns (bytes32) {
        bytes memory first = abi.encode(
            ORDER_TYPEHASH,
            order.salt,
            order.maker,
            order.signer,
            order.tokenId,
            order.makerAmount,
            order.takerAmount
        );
        bytes memory second =
            abi.encode(order.side, order.signatureType, order.timestamp, order.metadata, order.builder);
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), keccak256(bytes.concat(first, second))));
    }

    function validateOrderSignature(bytes32 orderHash, Order memory order) public view {
        bool valid;
        if (order.signatureType == SignatureType.POLY_1271) {
            valid = order.signer == order.maker && order.maker.code.length > 0
                && Erc1271(order.maker).isValidSignature(orderHash, order.signature) == 0x1626ba7e;
        } else {
            address owned = order.signatureType == SignatureType.EOA
                ? order.signer
                : walletOf[order.signer][order.signatureType];
            valid = order.maker == owned && _recover(orderHash, order.signature) == order.signer;
        }
        if (!valid) revert InvalidSignature();
    }

    function _recover(bytes32 hash, bytes memory signature) private pure returns (address signer) {
        if (signature.length != 65) revert InvalidSignature();
        bytes32 r;
        bytes32 s;
        uint8 v;
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        signer = ecrecover(hash, v, r, s);
        if (signer == address(0)) revert InvalidSignature();
    }
}
