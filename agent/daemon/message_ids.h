// The MESSAGE_ID of each kind of entry that the agent writes to the journal: never reused, and
// never changed, since filters and alerts build on them. systemd/hcloud-agent.catalog has a
// paragraph for the operator on each (`journalctl -x` shows it); a test compares the two. New ones
// come from `systemd-id128 new`.
#pragma once

namespace hcloud::agent {

struct MessageId {
    const char* text;  // 32 hexadecimal digits
};

namespace message {

inline constexpr MessageId kStarted{"a0909499be3c42adaa1defdcda3dd297"};
inline constexpr MessageId kReady{"67c4c2fc24c64075ba60b90ea9ec2a06"};
inline constexpr MessageId kNotReady{"70cae09cb5fd4b7faa4c8dc43bc65edc"};
inline constexpr MessageId kStopping{"5fa099a67e424acca430d173040ebbd0"};
inline constexpr MessageId kConfigRead{"8403861fecc3495ea93b3aa1deefeff8"};
inline constexpr MessageId kConfigBad{"246a31fc64ad4fd9ae0345fb82e3bb80"};

inline constexpr MessageId kChanged{"65f6ca6f8de24b36b5fdc7e812ff62be"};
inline constexpr MessageId kRepaired{"8ca2538001ab4380818d62ddd13a2195"};
inline constexpr MessageId kChangeFailed{"bb5c64ce6dc24640933a13e0cd7293f6"};
inline constexpr MessageId kMoreChanges{"08b79c78f40d4995afe88076f310593e"};
inline constexpr MessageId kContested{"7e424ffd907a441bb17b78306a1bde68"};

inline constexpr MessageId kIdentity{"69cc7aae29f14b42a76a8de594cbb448"};
inline constexpr MessageId kIdentityMismatch{"d0c10ff3fdbb41deb17a1eb0ac008b9a"};
inline constexpr MessageId kMetadataFails{"35b2c50811ca4c1dbfbe4f65fccad121"};
inline constexpr MessageId kMetadataWell{"6da25b1090954613a12e694c1bf0ccc3"};
inline constexpr MessageId kApiFails{"8678fae670694724bd88861234919a52"};
inline constexpr MessageId kApiWell{"1cdb58e162c8453d87f15116bcb3646f"};
inline constexpr MessageId kNoToken{"b26b707e0af94e4ea0ce1a5ef0d9f7aa"};

inline constexpr MessageId kRegistered{"647094381e784fd7a4a4b6e02506915b"};
inline constexpr MessageId kRegistrationRefused{"2b3cc9d52f7d436a98610b6fff23500a"};
inline constexpr MessageId kRegistrationContested{"7418a9c854e54a6887efd9b5371dc594"};
inline constexpr MessageId kRegistrationFails{"d87ef1b25e1d4148996f1c7022dfe1b9"};
inline constexpr MessageId kRegistrationWell{"3fcd6af87de84f0e8162f77a4e845ec9"};

inline constexpr MessageId kLedgerFails{"213a2b58649d42d0b39833fa10342507"};
inline constexpr MessageId kLedgerWell{"79e12718aa664eafbddd8ed4dafd256c"};
inline constexpr MessageId kGuardChanged{"f0d2334c88804c0eb7376c4437a4c10e"};
inline constexpr MessageId kGuardRepaired{"5cbc3060377b44098b22a87f2f6e634a"};
inline constexpr MessageId kGuardChangeFailed{"bc0c12a4f60a4bf9b4f11e57428cdadc"};
inline constexpr MessageId kGuardContested{"35cc9c9567e744a68c0e996455dcb7a7"};
inline constexpr MessageId kGuardFails{"661dd6da9a1a4040a1cc999e1fe738d2"};
inline constexpr MessageId kGuardWell{"65a8317ba1d4427ba485c1301f15eaa3"};
inline constexpr MessageId kKernelFails{"8df450e66a3d4f42833727b0f6bf82ec"};
inline constexpr MessageId kMonitorReopened{"c41d747fac264f7483166cacb657b110"};
inline constexpr MessageId kMetricsFail{"fe95cef16faa46d784f2488c1792a27f"};
inline constexpr MessageId kUnexpected{"0ce523ae44e04a3da211fe002b24cf68"};

}  // namespace message

}  // namespace hcloud::agent
