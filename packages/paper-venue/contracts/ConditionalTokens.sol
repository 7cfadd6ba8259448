// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Erc20} from "./Erc20.sol";
import {PositionIds} from "./PositionIds.sol";

interface Erc1155Receiver {
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4);
    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        returns (bytes4);
}

// Outcome tokens of conditions of any number of slots, without nesting: the parent collection is zero. Positions are
// split from collateral and merged to it whole.
contract ConditionalTokens {
    mapping(uint256 => mapping(address => uint256)) private balances;
    mapping(address => mapping(address => bool)) public isApprovedForAll;
    mapping(bytes32 => uint256[]) public payoutNumerators;
    mapping(bytes32 => uint256) public payoutDenominator;

    event TransferSingle(
        address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value
    );
    event TransferBatch(
        address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values
    );
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);
    event ConditionPreparation(
        bytes32 indexed conditionId, address indexed oracle, bytes32 indexed questionId, uint256 outcomeSlotCount
    );
    event ConditionResolution(
        bytes32 indexed conditionId,
        address indexed oracle,
        bytes32 indexed questionId,
        uint256 outcomeSlotCount,
        uint256[] payoutNumerators
    );
    event PositionSplit(
        address indexed stakeholder,
        address collateralToken,
        bytes32 indexed parentCollectionId,
        bytes32 indexed conditionId,
        uint256[] partition,
        uint256 amount
    );
    event PositionsMerge(
        address indexed stakeholder,
        address collateralToken,
        bytes32 indexed parentCollectionId,
        bytes32 indexed conditionId,
        uint256[] partition,
        uint256 amount
    );
    event PayoutRedemption(
        address indexed redeemer,
        address indexed collateralToken,
        bytes32 indexed parentCollectionId,
        bytes32 conditionId,
        uint256[] indexSets,
        uint256 payout
    );

    function prepareCondition(address oracle, bytes32 questionId, uint256 outcomeSlotCount) external {
        require(outcomeSlotCount > 1 && outcomeSlotCount <= 256, "there should be 2 to 256 outcome slots");
        bytes32 conditionId = PositionIds.condition(oracle, questionId, outcomeSlotCount);
        require(payoutNumerators[conditionId].length == 0, "condition already prepared");
        payoutNumerators[conditionId] = new uint256[](outcomeSlotCount);
        emit ConditionPreparation(conditionId, oracle, questionId, outcomeSlotCount);
    }

    function reportPayouts(bytes32 questionId, uint256[] calldata payouts) external {
        uint256 slots = payouts.length;
        bytes32 conditionId = PositionIds.condition(msg.sender, questionId, slots);
        require(payoutNumerators[conditionId].length == slots, "condition not prepared or found");
        require(payoutDenominator[conditionId] == 0, "payout denominator already set");
        uint256 sum;
        for (uint256 i; i < slots; i++) {
            payoutNumerators[conditionId][i] = payouts[i];
            sum += payouts[i];
        }
        require(sum > 0, "payout is all zeroes");
        payoutDenominator[conditionId] = sum;
        emit ConditionResolution(conditionId, msg.sender, questionId, slots, payouts);
    }

    function splitPosition(
        address collateralToken,
        bytes32 parentCollectionId,
        bytes32 conditionId,
        uint256[] calldata partition,
        uint256 amount
    ) external {
        uint256[] memory ids = _partition(collateralToken, parentCollectionId, conditionId, partition);
        Erc20(collateralToken).transferFrom(msg.sender, address(this), amount);
        uint256[] memory amounts = new uint256[](ids.length);
        for (uint256 i; i < ids.length; i++) {
            amounts[i] = amount;
            balances[ids[i]][msg.sender] += amount;
        }
        emit TransferBatch(msg.sender, address(0), msg.sender, ids, amounts);
        _acceptBatch(address(0), msg.sender, ids, amounts, "");
        emit PositionSplit(msg.sender, collateralToken, parentCollectionId, conditionId, partition, amount);
    }

    function mergePositions(
        address collateralToken,
        bytes32 parentCollectionId,
        bytes32 conditionId,
        uint256[] calldata partition,
        uint256 amount
    ) external {
        uint256[] memory ids = _partition(collateralToken, parentCollectionId, conditionId, partition);
        uint256[] memory amounts = new uint256[](ids.length);
        for (uint256 i; i < ids.length; i++) {
            amounts[i] = amount;
            _take(ids[i], msg.sender, amount);
        }
        emit TransferBatch(msg.sender, msg.sender, address(0), ids, amounts);
        Erc20(collateralToken).transfer(msg.sender, amount);
        emit PositionsMerge(msg.sender, collateralToken, parentCollectionId, conditionId, partition, amount);
    }

    function redeemPositions(
        address collateralToken,
        bytes32 parentCollectionId,
        bytes32 conditionId,
        uint256[] calldata indexSets
    ) external {
        uint256 denominator = payoutDenominator[conditionId];
        require(denominator > 0, "result for condition not received yet");
        require(parentCollectionId == 0, "nested collections are not supported here");
        uint256 slots = payoutNumerators[conditionId].length;
        uint256 payout;
        for (uint256 i; i < indexSets.length; i++) {
            uint256 set = indexSets[i];
            require(set > 0 && set < (1 << slots) - 1, "got invalid index set");
            uint256 numerator;
            for (uint256 slot; slot < slots; slot++) {
                if (set & (1 << slot) != 0) numerator += payoutNumerators[conditionId][slot];
            }
            uint256 id = PositionIds.position(collateralToken, PositionIds.collection(conditionId, set));
            uint256 held = balances[id][msg.sender];
            if (held == 0) continue;
            payout += held * numerator / denominator;
            _take(id, msg.sender, held);
            emit TransferSingle(msg.sender, msg.sender, address(0), id, held);
        }
        if (payout > 0) Erc20(collateralToken).transfer(msg.sender, payout);
        emit PayoutRedemption(msg.sender, collateralToken, parentCollectionId, conditionId, indexSets, payout);
    }

    function getOutcomeSlotCount(bytes32 conditionId) external view returns (uint256) {
        return payoutNumerators[conditionId].length;
    }

    function getConditionId(address oracle, bytes32 questionId, uint256 slots) external pure returns (bytes32) {
        return PositionIds.condition(oracle, questionId, slots);
    }

    function getCollectionId(bytes32 parent, bytes32 conditionId, uint256 indexSet) external view returns (bytes32) {
        require(parent == 0, "nested collections are not supported here");
        return PositionIds.collection(conditionId, indexSet);
    }

    function getPositionId(address collateralToken, bytes32 collectionId) external pure returns (uint256) {
        return PositionIds.position(collateralToken, collectionId);
    }

    function balanceOf(address owner, uint256 id) external view returns (uint256) {
        return balances[id][owner];
    }

    function balanceOfBatch(address[] calldata owners, uint256[] calldata ids)
        external
        view
        returns (uint256[] memory found)
    {
        require(owners.length == ids.length, "ERC1155: owners and IDs must have same lengths");
        found = new uint256[](ids.length);
        for (uint256 i; i < ids.length; i++) {
            found[i] = balances[ids[i]][owners[i]];
        }
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes calldata data) external {
        _authorize(from, to);
        _take(id, from, value);
        balances[id][to] += value;
        emit TransferSingle(msg.sender, from, to, id, value);
        if (to.code.length > 0) {
            bytes4 answer = Erc1155Receiver(to).onERC1155Received(msg.sender, from, id, value, data);
            require(answer == Erc1155Receiver.onERC1155Received.selector, "ERC1155: receiver refused");
        }
    }

    function safeBatchTransferFrom(
        address from,
        address to,
        uint256[] calldata ids,
        uint256[] calldata values,
        bytes calldata data
    ) external {
        _authorize(from, to);
        require(ids.length == values.length, "ERC1155: IDs and values must have same lengths");
        for (uint256 i; i < ids.length; i++) {
            _take(ids[i], from, values[i]);
            balances[ids[i]][to] += values[i];
        }
        emit TransferBatch(msg.sender, from, to, ids, values);
        _acceptBatch(from, to, ids, values, data);
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x01ffc9a7 || interfaceId == 0xd9b67a26;
    }

    /// Positions of a whole set: the sets are disjoint and make up the condition.
    function _partition(
        address collateralToken,
        bytes32 parentCollectionId,
        bytes32 conditionId,
        uint256[] calldata partition
    ) private view returns (uint256[] memory ids) {
        require(parentCollectionId == 0, "nested collections are not supported here");
        uint256 slots = payoutNumerators[conditionId].length;
        require(slots > 0, "condition not prepared yet");
        require(partition.length > 1, "got empty or singleton partition");
        uint256 free = (1 << slots) - 1;
        ids = new uint256[](partition.length);
        for (uint256 i; i < partition.length; i++) {
            uint256 set = partition[i];
            require(set > 0 && set < (1 << slots) - 1, "got invalid index set");
            require(set & free == set, "partition not disjoint");
            free ^= set;
            ids[i] = PositionIds.position(collateralToken, PositionIds.collection(conditionId, set));
        }
        require(free == 0, "partition is not of the whole condition");
    }

    function _take(uint256 id, address from, uint256 value) private {
        require(balances[id][from] >= value, "SafeMath: subtraction overflow");
        balances[id][from] -= value;
    }

    function _authorize(address from, address to) private view {
        require(to != address(0), "ERC1155: target address must be non-zero");
        require(
            from == msg.sender || isApprovedForAll[from][msg.sender],
            "ERC1155: need operator approval for 3rd party transfers."
        );
    }

    function _acceptBatch(
        address from,
        address to,
        uint256[] memory ids,
        uint256[] memory values,
        bytes memory data
    ) private {
        if (to.code.length == 0) return;
        bytes4 answer = Erc1155Receiver(to).onERC1155BatchReceived(msg.sender, from, ids, values, data);
        require(answer == Erc1155Receiver.onERC1155BatchReceived.selector, "ERC1155: receiver refused");
    }
}

// Takes outcome tokens from anyone.
abstract contract HoldsTokens {
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return Erc1155Receiver.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return Erc1155Receiver.onERC1155BatchReceived.selector;
    }
}
