// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Ids as Gnosis' conditional tokens have them. A collection's id is a point of the curve y^2 = x^3 + 3 (alt_bn128), found by
// counting up from a hash, packed as its x with the parity of its y in bit 254.
library PositionIds {
    uint256 private constant P = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    function condition(address oracle, bytes32 questionId, uint256 slots) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(oracle, questionId, slots));
    }

    function collection(bytes32 conditionId, uint256 indexSet) internal view returns (bytes32) {
        uint256 x = uint256(keccak256(abi.encodePacked(conditionId, indexSet)));
        bool odd = x >> 255 != 0;
        uint256 square;
        uint256 y;
        do {
            x = addmod(x, 1, P);
            square = addmod(mulmod(x, mulmod(x, x, P), P), 3, P);
            y = _root(square);
        } while (mulmod(y, y, P) != square);
        if (odd != (y % 2 == 1)) y = P - y;
        return bytes32(y % 2 == 1 ? x ^ (1 << 254) : x);
    }

    function position(address collateral, bytes32 collectionId) internal pure returns (uint256) {
        return uint256(keccak256(abi.encodePacked(collateral, collectionId)));
    }

    /// square^((P + 1) / 4): its root, if it has one. By the precompiled contract for powers.
    function _root(uint256 square) private view returns (uint256) {
        (bool ok, bytes memory out) =
            address(5).staticcall(abi.encode(uint256(32), uint256(32), uint256(32), square, (P + 1) / 4, P));
        require(ok, "no power");
        return abi.decode(out, (uint256));
    }
}
