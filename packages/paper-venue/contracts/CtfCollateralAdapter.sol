// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CONDITIONAL_TOKENS, PUSD, USDC_E} from "./Addresses.sol";
import {ConditionalTokens, HoldsTokens} from "./ConditionalTokens.sol";
import {Erc20, Pusd} from "./Erc20.sol";
import {PositionIds} from "./PositionIds.sol";
import {Pausable} from "./Ramps.sol";

// Splits, merges and redeems for pUSD; the positions themselves are of USDC.e, as they always were. The unnamed arguments are
// there so that a call looks as it does to the conditional tokens. Redeems whatever the caller holds of both outcomes.
contract CtfCollateralAdapter is Pausable, HoldsTokens {
    function splitPosition(address, bytes32, bytes32 conditionId, uint256[] calldata, uint256 amount)
        external
        onlyUnpaused(USDC_E)
    {
        Erc20(PUSD).transferFrom(msg.sender, PUSD, amount);
        Pusd(PUSD).unwrap(USDC_E, address(this), amount);
        Erc20(USDC_E).approve(CONDITIONAL_TOKENS, amount);
        _ctf().splitPosition(USDC_E, 0, conditionId, _sets(), amount);
        _ctf().safeBatchTransferFrom(address(this), msg.sender, _ids(conditionId), _both(amount, amount), "");
    }

    function mergePositions(address, bytes32, bytes32 conditionId, uint256[] calldata, uint256 amount)
        external
        onlyUnpaused(USDC_E)
    {
        _ctf().safeBatchTransferFrom(msg.sender, address(this), _ids(conditionId), _both(amount, amount), "");
        _ctf().mergePositions(USDC_E, 0, conditionId, _sets(), amount);
        _wrap(amount);
    }

    function redeemPositions(address, bytes32, bytes32 conditionId, uint256[] calldata) external onlyUnpaused(USDC_E) {
        uint256[] memory ids = _ids(conditionId);
        uint256[] memory held =
            _both(_ctf().balanceOf(msg.sender, ids[0]), _ctf().balanceOf(msg.sender, ids[1]));
        _ctf().safeBatchTransferFrom(msg.sender, address(this), ids, held, "");
        _ctf().redeemPositions(USDC_E, 0, conditionId, _sets());
        _wrap(Erc20(USDC_E).balanceOf(address(this)));
    }

    function _wrap(uint256 amount) private {
        Erc20(USDC_E).transfer(PUSD, amount);
        Pusd(PUSD).wrap(USDC_E, msg.sender, amount);
    }

    function _ctf() private pure returns (ConditionalTokens) {
        return ConditionalTokens(CONDITIONAL_TOKENS);
    }

    function _sets() private pure returns (uint256[] memory) {
        return _both(1, 2);
    }

    function _ids(bytes32 conditionId) private view returns (uint256[] memory) {
        return _both(
            PositionIds.position(USDC_E, PositionIds.collection(conditionId, 1)),
            PositionIds.position(USDC_E, PositionIds.collection(conditionId, 2))
        );
    }

    function _both(uint256 first, uint256 second) private pure returns (uint256[] memory pair) {
        pair = new uint256[](2);
        pair[0] = first;
        pair[1] = second;
    }
}
