// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HoldsTokens} from "./ConditionalTokens.sol";
import {NotAllowed} from "./Addresses.sol";
import {
    PROXY_FACTORY,
    PROXY_IMPLEMENTATION,
    PROXY_INIT_CODE_HASH,
    RELAY_HUB,
    create2Address,
    failWith,
    messageHash,
    signerOf
} from "./RelayAddresses.sol";

struct ProxyCall {
    uint8 typeCode;
    address to;
    uint256 value;
    bytes data;
}

// What every proxy is a clone of. Only the factory tells it what to do.
contract ProxyWallet is HoldsTokens {
    function proxy(ProxyCall[] memory calls) external payable returns (bytes[] memory returned) {
        if (msg.sender != PROXY_FACTORY) revert NotAllowed(msg.sender);
        returned = new bytes[](calls.length);
        for (uint256 i; i < calls.length; i++) {
            require(calls[i].typeCode == 1, "only calls");
            (bool success, bytes memory result) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            if (!success) failWith(result);
            returned[i] = result;
        }
    }
}

// Makes proxies where production does, of the same code, and passes on what their owners say: themselves, or through the hub.
contract ProxyWalletFactory {
    function cloneConstructor(bytes calldata) external {}

    function proxy(ProxyCall[] memory calls) external payable returns (bytes[] memory) {
        address owner = msg.sender == RELAY_HUB ? address(bytes20(msg.data[msg.data.length - 20:])) : msg.sender;
        bytes32 salt = keccak256(abi.encodePacked(owner));
        address wallet = create2Address(address(this), salt, PROXY_INIT_CODE_HASH);
        if (wallet.code.length == 0) {
            bytes memory code = abi.encodePacked(
                hex"3d3d606380380380913d393d73",
                address(this),
                hex"5af4602a57600080fd5b602d8060366000396000f3363d3d373d3d3d363d73",
                PROXY_IMPLEMENTATION,
                hex"5af43d82803e903d91602b57fd5bf3",
                abi.encodeWithSelector(this.cloneConstructor.selector, "")
            );
            address made;
            assembly ("memory-safe") {
                made := create2(0, add(code, 32), mload(code), salt)
            }
            require(made == wallet, "the clone is elsewhere");
        }
        return ProxyWallet(wallet).proxy{value: msg.value}(calls);
    }
}

// Takes what others signed to be relayed. A call that fails is told by an event: the transaction itself succeeds, and the nonce is used.
contract RelayHub {
    mapping(address => uint256) private _nonces;

    event CanRelayFailed(
        address indexed relay, address indexed from, address indexed to, bytes4 selector, uint256 reason
    );
    event TransactionRelayed(
        address indexed relay,
        address indexed from,
        address indexed to,
        bytes4 selector,
        uint8 status,
        uint256 charge
    );

    function getNonce(address from) external view returns (uint256) {
        return _nonces[from];
    }

    function relayCall(
        address from,
        address to,
        bytes memory encodedFunction,
        uint256 transactionFee,
        uint256 gasPrice,
        uint256 gasLimit,
        uint256 nonce,
        bytes memory signature,
        bytes memory
    ) external {
        bytes32 hash;
        {
            bytes memory first = abi.encodePacked("rlx:", from, to, encodedFunction, transactionFee);
            bytes memory second = abi.encodePacked(gasPrice, gasLimit, nonce, address(this), msg.sender);
            hash = keccak256(bytes.concat(first, second));
        }
        uint256 reason;
        if (signerOf(messageHash(hash), signature, 0) != from || from == address(0)) reason = 1;
        else if (nonce != _nonces[from]) reason = 2;
        if (reason != 0) {
            emit CanRelayFailed(msg.sender, from, to, bytes4(encodedFunction), reason);
            return;
        }
        _nonces[from]++;
        _run(from, to, encodedFunction, gasLimit);
    }

    function _run(address from, address to, bytes memory encodedFunction, uint256 gasLimit) private {
        (bool success,) = to.call{gas: gasLimit}(abi.encodePacked(encodedFunction, from));
        emit TransactionRelayed(msg.sender, from, to, bytes4(encodedFunction), success ? 0 : 1, 0);
    }
}
