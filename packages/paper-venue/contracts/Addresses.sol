// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Where the contracts stand: Polymarket's addresses on Polygon, which its client has built in. No contract here has a
// constructor or an immutable, so that its code alone, put at its address, is all of it.
address constant USDC_E = 0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174;
address constant PUSD = 0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB;
address constant ONRAMP = 0x93070a847efEf7F70739046A929D47a521F5B8ee;
address constant OFFRAMP = 0x2957922Eb93258b93368531d39fAcCA3B4dC5854;
address constant CONDITIONAL_TOKENS = 0x4D97DCd97eC945f40cF65F87097ACe5EA0476045;
address constant CTF_ADAPTER = 0xAdA100Db00Ca00073811820692005400218FcE1f;
address constant NEG_RISK_CTF_ADAPTER = 0xadA2005600Dec949baf300f4C6120000bDB6eAab;
address constant CTF_EXCHANGE = 0xE111180000d2663C0091e4f400237545B87B996B;
address constant NEG_RISK_EXCHANGE = 0xe2222d279d744050d28e00520010520000310F59;

// Who mints, pauses, reports payouts and operates the exchanges on a local chain. Nobody has its key: the node impersonates it.
address constant STEWARD = 0x00000000000000000000000000000000057E3a4d;
// Where fees go.
address constant FEE_RECEIVER = 0x0000000000000000000000000000000000FeE000;

error NotAllowed(address caller);

abstract contract Stewarded {
    modifier onlySteward() {
        if (msg.sender != STEWARD) revert NotAllowed(msg.sender);
        _;
    }
}
