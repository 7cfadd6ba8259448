// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Stewarded, CTF_ADAPTER, NEG_RISK_CTF_ADAPTER, NotAllowed, OFFRAMP, ONRAMP, USDC_E} from "./Addresses.sol";

// A token of six decimals. Allowances of 2^256 - 1 are never used up.
abstract contract Erc20 {
    uint8 public constant decimals = 6;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed owner, address indexed spender, uint256 amount);

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            require(allowed >= amount, "ERC20: insufficient allowance");
            allowance[from][msg.sender] = allowed - amount;
        }
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) internal {
        require(to != address(0), "ERC20: transfer to the zero address");
        require(balanceOf[from] >= amount, "ERC20: transfer amount exceeds balance");
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }

    function _mint(address to, uint256 amount) internal {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function _burn(address from, uint256 amount) internal {
        require(balanceOf[from] >= amount, "ERC20: burn amount exceeds balance");
        balanceOf[from] -= amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
    }
}

// Stands for bridged USDC. The steward mints it.
contract MockUsdcE is Erc20, Stewarded {
    string public constant name = "USD Coin (PoS)";
    string public constant symbol = "USDC.e";

    function mint(address to, uint256 amount) external onlySteward {
        _mint(to, amount);
    }
}

// The collateral of all orders. Every unit is backed by one of USDC.e that lies in this contract; only ramps and adapters,
// which bring and take that backing, mint and burn.
contract Pusd is Erc20 {
    string public constant name = "Polymarket USD";
    string public constant symbol = "pUSD";

    event Wrapped(address indexed caller, address indexed asset, address indexed to, uint256 amount);
    event Unwrapped(address indexed caller, address indexed asset, address indexed to, uint256 amount);

    error InvalidAsset();
    error Unbacked();

    modifier onlyWrapper() {
        bool known = msg.sender == ONRAMP || msg.sender == OFFRAMP || msg.sender == CTF_ADAPTER
            || msg.sender == NEG_RISK_CTF_ADAPTER;
        if (!known) revert NotAllowed(msg.sender);
        _;
    }

    /// The asset has been brought before.
    function wrap(address asset, address to, uint256 amount) external onlyWrapper {
        if (asset != USDC_E) revert InvalidAsset();
        _mint(to, amount);
        if (Erc20(USDC_E).balanceOf(address(this)) < totalSupply) revert Unbacked();
        emit Wrapped(msg.sender, asset, to, amount);
    }

    /// What is unwrapped has been brought here before.
    function unwrap(address asset, address to, uint256 amount) external onlyWrapper {
        if (asset != USDC_E) revert InvalidAsset();
        _burn(address(this), amount);
        Erc20(USDC_E).transfer(to, amount);
        emit Unwrapped(msg.sender, asset, to, amount);
    }
}
