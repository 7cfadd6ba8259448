// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    CONDITIONAL_TOKENS,
    CTF_ADAPTER,
    FEE_RECEIVER,
    NEG_RISK_CTF_ADAPTER,
    NEG_RISK_EXCHANGE,
    PUSD,
    Stewarded,
    USDC_E
} from "./Addresses.sol";
import {ConditionalTokens, HoldsTokens} from "./ConditionalTokens.sol";
import {CtfCollateralAdapter} from "./CtfCollateralAdapter.sol";
import {Erc20} from "./Erc20.sol";
import {Order, Orders, OrderStatus, Side, SignatureType} from "./Orders.sol";
import {PositionIds} from "./PositionIds.sol";

// Settles what the venue has matched: buys against sells, buys of both outcomes (which mint a pair), sells of both
// (which merge one). All amounts of an order's fill are in what its maker gives. Fees are in pUSD: on top of a buy, out
// of a sell. The same code serves standard and neg-risk markets: its domain names the address that it stands at.
contract CtfExchange is Orders, HoldsTokens, Stewarded {
    mapping(bytes32 => OrderStatus) public orderStatus;
    bool public paused;

    event OrderFilled(
        bytes32 indexed orderHash,
        address indexed maker,
        address indexed taker,
        Side side,
        uint256 tokenId,
        uint256 makerAmountFilled,
        uint256 takerAmountFilled,
        uint256 fee,
        bytes32 builder,
        bytes32 metadata
    );
    event OrdersMatched(
        bytes32 indexed takerOrderHash,
        address indexed takerOrderMaker,
        Side side,
        uint256 tokenId,
        uint256 makerAmountFilled,
        uint256 takerAmountFilled
    );
    event FeeCharged(address indexed receiver, uint256 amount);
    event TradingPaused(address indexed pauser);
    event TradingUnpaused(address indexed pauser);

    error OrderAlreadyFilled();
    error MakingGtRemaining();
    error NotCrossing();
    error TooLittleTokensReceived();
    error MismatchedTokenIds();
    error MismatchedArrayLengths();
    error NoMakerOrders();
    error ZeroMakerAmount();
    error FeeExceedsProceeds();
    error PausedTrading();

    function matchOrders(
        bytes32 conditionId,
        Order memory takerOrder,
        Order[] memory makerOrders,
        uint256 takerFillAmount,
        uint256[] memory makerFillAmounts,
        uint256 takerFeeAmount,
        uint256[] memory makerFeeAmounts
    ) external onlySteward {
        if (paused) revert PausedTrading();
        if (makerOrders.length == 0) revert NoMakerOrders();
        if (makerOrders.length != makerFillAmounts.length || makerOrders.length != makerFeeAmounts.length) {
            revert MismatchedArrayLengths();
        }
        (uint256 expected, bytes32 hash) = _check(takerOrder, takerFillAmount);
        _pull(takerOrder, takerFillAmount);
        for (uint256 i; i < makerOrders.length; i++) {
            _settleMaker(conditionId, takerOrder, makerOrders[i], makerFillAmounts[i], makerFeeAmounts[i]);
        }
        // Whatever is here now is the taker's: better prices than it asked for are its own.
        bool buys = takerOrder.side == Side.BUY;
        uint256 received = _held(buys ? takerOrder.tokenId : 0);
        if (received < expected) revert TooLittleTokensReceived();
        _pay(takerOrder, received, takerFeeAmount);
        uint256 left = _held(buys ? 0 : takerOrder.tokenId);
        if (left > 0) _send(takerOrder.maker, buys ? 0 : takerOrder.tokenId, left);
        _tell(hash, takerOrder, address(this), takerFillAmount, received, takerFeeAmount);
        emit OrdersMatched(
            hash, takerOrder.maker, takerOrder.side, takerOrder.tokenId, takerFillAmount, received
        );
    }

    function getOrderStatus(bytes32 orderHash) external view returns (OrderStatus memory) {
        return orderStatus[orderHash];
    }

    function setWallet(address signer, SignatureType signatureType, address wallet) external onlySteward {
        walletOf[signer][signatureType] = wallet;
    }

    function pauseTrading() external onlySteward {
        paused = true;
        emit TradingPaused(msg.sender);
    }

    function unpauseTrading() external onlySteward {
        paused = false;
        emit TradingUnpaused(msg.sender);
    }

    function _settleMaker(
        bytes32 conditionId,
        Order memory taker,
        Order memory maker,
        uint256 fill,
        uint256 fee
    ) private {
        _checkMatch(conditionId, taker, maker);
        (uint256 taking, bytes32 hash) = _check(maker, fill);
        _pull(maker, fill);
        if (taker.side == maker.side) {
            if (maker.side == Side.BUY) _mint(conditionId, taking);
            else _merge(conditionId, fill);
        }
        _pay(maker, taking, fee);
        _tell(hash, maker, taker.maker, fill, taking, fee);
    }

    /// Prices cross, and the tokens are those of the condition.
    function _checkMatch(bytes32 conditionId, Order memory taker, Order memory maker) private view {
        uint256 first = PositionIds.position(USDC_E, PositionIds.collection(conditionId, 1));
        uint256 second = PositionIds.position(USDC_E, PositionIds.collection(conditionId, 2));
        bool known = (taker.tokenId == first || taker.tokenId == second)
            && (maker.tokenId == first || maker.tokenId == second);
        if (!known || (taker.tokenId == maker.tokenId) != (taker.side != maker.side)) revert MismatchedTokenIds();
        (uint256 takerDollars, uint256 takerShares) = _terms(taker);
        (uint256 makerDollars, uint256 makerShares) = _terms(maker);
        uint256 a = takerDollars * makerShares;
        uint256 b = makerDollars * takerShares;
        uint256 one = takerShares * makerShares;
        bool crossing;
        if (taker.side != maker.side) crossing = taker.side == Side.BUY ? a >= b : b >= a;
        else crossing = taker.side == Side.BUY ? a + b >= one : a + b <= one;
        if (!crossing) revert NotCrossing();
    }

    /// What an order gives or asks in dollars, and for how many shares.
    function _terms(Order memory order) private pure returns (uint256 dollars, uint256 amount) {
        return order.side == Side.BUY
            ? (order.makerAmount, order.takerAmount)
            : (order.takerAmount, order.makerAmount);
    }

    /// The order is signed and has as much left; returns what it must get for the fill.
    function _check(Order memory order, uint256 fill) private returns (uint256 taking, bytes32 hash) {
        if (order.makerAmount == 0 || fill == 0) revert ZeroMakerAmount();
        hash = hashOrder(order);
        validateOrderSignature(hash, order);
        OrderStatus storage status = orderStatus[hash];
        if (status.filled) revert OrderAlreadyFilled();
        uint256 remaining = status.remaining == 0 ? order.makerAmount : status.remaining;
        if (fill > remaining) revert MakingGtRemaining();
        status.remaining = uint248(remaining - fill);
        status.filled = remaining == fill;
        taking = fill * order.takerAmount / order.makerAmount;
    }

    function _pull(Order memory order, uint256 amount) private {
        if (order.side == Side.BUY) Erc20(PUSD).transferFrom(order.maker, address(this), amount);
        else _ctf().safeTransferFrom(order.maker, address(this), order.tokenId, amount, "");
    }

    function _pay(Order memory order, uint256 amount, uint256 fee) private {
        if (order.side == Side.BUY) {
            _send(order.maker, order.tokenId, amount);
            if (fee > 0) Erc20(PUSD).transferFrom(order.maker, FEE_RECEIVER, fee);
        } else {
            if (fee > amount) revert FeeExceedsProceeds();
            _send(order.maker, 0, amount - fee);
            if (fee > 0) Erc20(PUSD).transfer(FEE_RECEIVER, fee);
        }
        if (fee > 0) emit FeeCharged(FEE_RECEIVER, fee);
    }

    /// Sends outcome tokens, or pUSD with id 0.
    function _send(address to, uint256 id, uint256 amount) private {
        if (id == 0) Erc20(PUSD).transfer(to, amount);
        else _ctf().safeTransferFrom(address(this), to, id, amount, "");
    }

    function _held(uint256 id) private view returns (uint256) {
        return id == 0 ? Erc20(PUSD).balanceOf(address(this)) : _ctf().balanceOf(address(this), id);
    }

    function _mint(bytes32 conditionId, uint256 amount) private {
        Erc20(PUSD).approve(address(_adapter()), amount);
        _adapter().splitPosition(PUSD, 0, conditionId, new uint256[](0), amount);
    }

    function _merge(bytes32 conditionId, uint256 amount) private {
        _ctf().setApprovalForAll(address(_adapter()), true);
        _adapter().mergePositions(PUSD, 0, conditionId, new uint256[](0), amount);
    }

    function _tell(bytes32 hash, Order memory order, address other, uint256 making, uint256 taking, uint256 fee)
        private
    {
        emit OrderFilled(
            hash, order.maker, other, order.side, order.tokenId, making, taking, fee, order.builder, order.metadata
        );
    }

    function _ctf() private pure returns (ConditionalTokens) {
        return ConditionalTokens(CONDITIONAL_TOKENS);
    }

    function _adapter() private view returns (CtfCollateralAdapter) {
        return CtfCollateralAdapter(address(this) == NEG_RISK_EXCHANGE ? NEG_RISK_CTF_ADAPTER : CTF_ADAPTER);
    }
}
