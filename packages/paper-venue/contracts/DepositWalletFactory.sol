// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NotAllowed} from "./Addresses.sol";
import {Batch, DepositWallet} from "./DepositWallet.sol";
import {DEPOSIT_WALLET_BEACON, DEPOSIT_WALLET_IMPLEMENTATION, RELAY_OPERATOR} from "./RelayAddresses.sol";

// Says what deposit wallets do.
contract DepositWalletBeacon {
    function implementation() external pure returns (address) {
        return DEPOSIT_WALLET_IMPLEMENTATION;
    }
}

// Makes deposit wallets where production does, of the same code, and passes on what their owners have signed. Only for the relayer.
contract DepositWalletFactory {
    event WalletDeployed(address indexed wallet, address indexed owner, bytes32 indexed id, address implementation);

    modifier onlyOperator() {
        if (msg.sender != RELAY_OPERATOR) revert NotAllowed(msg.sender);
        _;
    }

    function BEACON() external pure returns (address) {
        return DEPOSIT_WALLET_BEACON;
    }

    function deploy(address[] calldata owners, bytes32[] calldata ids) external onlyOperator {
        for (uint256 i; i < owners.length; i++) {
            bytes memory args = abi.encode(address(this), ids[i]);
            bytes memory code = abi.encodePacked(
                bytes10(uint80(0x6100523d8160233d3973 + (args.length << 56))),
                DEPOSIT_WALLET_BEACON,
                hex"60195155f3363d3d373d3d363d602036600436635c60da",
                hex"1b60e01b36527fa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6c",
                hex"b3582b35133d50545afa5036515af43d6000803e604d573d6000fd5b3d6000f3",
                args
            );
            bytes32 salt = keccak256(args);
            address wallet;
            assembly ("memory-safe") {
                wallet := create2(0, add(code, 32), mload(code), salt)
            }
            require(wallet != address(0), "the wallet exists");
            DepositWallet(wallet).initialize(owners[i]);
            emit WalletDeployed(wallet, owners[i], ids[i], DEPOSIT_WALLET_IMPLEMENTATION);
        }
    }

    function proxy(Batch[] calldata batches, bytes[] calldata signatures) external onlyOperator {
        for (uint256 i; i < batches.length; i++) DepositWallet(batches[i].wallet).execute(batches[i], signatures[i]);
    }
}
