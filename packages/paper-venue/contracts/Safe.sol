// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HoldsTokens} from "./ConditionalTokens.sol";
import {NotAllowed} from "./Addresses.sol";
import {
    SAFE_FACTORY,
    SAFE_INIT_CODE_HASH,
    create2Address,
    failWith,
    messageHash,
    signerOf
} from "./RelayAddresses.sol";

// A Safe of one owner: what it does was signed by the owner as a message, with the Safe's own nonce. Calls that fail undo everything, the
// nonce too, as those of a Safe do that pays for no gas.
contract Safe is HoldsTokens {
    address public owner;
    uint256 public nonce;

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant SAFE_TX_TYPEHASH = keccak256(
        "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"
    );

    event ExecutionSuccess(bytes32 txHash, uint256 payment);

    function setup(address owner_) external {
        if (msg.sender != SAFE_FACTORY || owner != address(0)) revert NotAllowed(msg.sender);
        owner = owner_;
    }

    function getTransactionHash(address to, bytes memory data, uint8 operation, uint256 nonce_)
        public
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, block.chainid, address(this)));
        bytes32 body =
            keccak256(abi.encode(SAFE_TX_TYPEHASH, to, 0, keccak256(data), operation, 0, 0, 0, 0, 0, nonce_));
        return keccak256(abi.encodePacked(hex"1901", domain, body));
    }

    /// Gas is never paid for here: the numbers about it must be 0.
    function execTransaction(
        address to,
        uint256 value,
        bytes memory data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address payable refundReceiver,
        bytes memory signatures
    ) external payable returns (bool) {
        require(value + safeTxGas + baseGas + gasPrice == 0, "GS010");
        require(gasToken == address(0) && refundReceiver == address(0), "GS010");
        bytes32 hash = getTransactionHash(to, data, operation, nonce);
        address signer = signerOf(messageHash(hash), signatures, 4);
        require(signer != address(0) && signer == owner, "GS026");
        nonce++;
        (bool success,) = operation == 1 ? to.delegatecall(data) : to.call(data);
        require(success, "GS013");
        emit ExecutionSuccess(hash, 0);
        return true;
    }
}

// Several calls of a Safe as one: each is a byte (0: a call), a target, a value, a length and data.
contract SafeMultisend {
    function multiSend(bytes memory transactions) external payable {
        uint256 offset = 32;
        while (offset < transactions.length + 32) {
            uint8 operation;
            address to;
            uint256 length;
            assembly ("memory-safe") {
                operation := byte(0, mload(add(transactions, offset)))
                to := shr(96, mload(add(transactions, add(offset, 1))))
                length := mload(add(transactions, add(offset, 53)))
            }
            require(operation == 0, "only calls");
            bytes memory data = new bytes(length);
            for (uint256 i; i < length; i++) data[i] = transactions[offset + 53 + i];
            (bool success, bytes memory reason) = to.call(data);
            if (!success) failWith(reason);
            offset += 85 + length;
        }
    }
}

// Gives Safes to who signs for one. Their code is put where production's would be made by the same key: only the hash of production's
// code is known here, not the code.
contract SafeFactory {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    bytes32 private constant CREATE_TYPEHASH =
        keccak256("CreateProxy(address paymentToken,uint256 payment,address paymentReceiver)");

    struct Sig {
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    event ProxyCreation(address proxy, address owner);

    function computeProxyAddress(address owner) public view returns (address) {
        return create2Address(address(this), keccak256(abi.encode(owner)), SAFE_INIT_CODE_HASH);
    }

    function createProxy(address paymentToken, uint256 payment, address payable paymentReceiver, Sig calldata sig)
        external
    {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("Polymarket Contract Proxy Factory"), block.chainid, address(this))
        );
        bytes32 body = keccak256(abi.encode(CREATE_TYPEHASH, paymentToken, payment, paymentReceiver));
        bytes32 hash = keccak256(abi.encodePacked(hex"1901", domain, body));
        address owner = signerOf(hash, abi.encodePacked(sig.r, sig.s, sig.v), 0);
        require(owner != address(0), "ECDSA: invalid signature");
        address proxy = computeProxyAddress(owner);
        require(proxy.code.length > 0, "create2 call failed");
        Safe(proxy).setup(owner);
        emit ProxyCreation(proxy, owner);
    }
}
