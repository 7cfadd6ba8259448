// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PUSD, Stewarded} from "./Addresses.sol";
import {Erc20, Pusd} from "./Erc20.sol";

// Paused asset by asset.
abstract contract Pausable is Stewarded {
    mapping(address => bool) public paused;

    event Paused(address indexed asset);
    event Unpaused(address indexed asset);

    error OnlyUnpaused();

    modifier onlyUnpaused(address asset) {
        if (paused[asset]) revert OnlyUnpaused();
        _;
    }

    function pause(address asset) external onlySteward {
        paused[asset] = true;
        emit Paused(asset);
    }

    function unpause(address asset) external onlySteward {
        paused[asset] = false;
        emit Unpaused(asset);
    }
}

// USDC.e in, pUSD out.
contract CollateralOnramp is Pausable {
    function wrap(address asset, address to, uint256 amount) external onlyUnpaused(asset) {
        Erc20(asset).transferFrom(msg.sender, PUSD, amount);
        Pusd(PUSD).wrap(asset, to, amount);
    }
}

// pUSD in, USDC.e out.
contract CollateralOfframp is Pausable {
    function unwrap(address asset, address to, uint256 amount) external onlyUnpaused(asset) {
        Erc20(PUSD).transferFrom(msg.sender, PUSD, amount);
        Pusd(PUSD).unwrap(asset, to, amount);
    }
}
