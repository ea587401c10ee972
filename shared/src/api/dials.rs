//! The sandbox's dials.

use serde::{Deserialize, Serialize};

/// How the sandbox misbehaves: `GET, PUT /accounts/{account}/dials`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dials {
    /// Milliseconds each provider call takes.
    pub latency_ms: u64,
    /// Percent of items that fail for good, the same ones each time.
    pub fail_percent: u32,
    /// Percent of items that fail for a passing reason, and succeed at a later attempt.
    pub flaky_percent: u32,
    /// Items a minute before the sandbox asks to wait; 0: no limit.
    pub items_per_minute: u32,
    /// The next so many calls take effect, but their answer is lost.
    pub lose_answers: u32,
    /// The next so many calls are refused with a time to wait.
    pub throttle_calls: u32,
    /// Seconds named by such a refusal.
    pub throttle_seconds: u32,
    /// The process ends abruptly at this point of the next change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash: Option<CrashPoint>,
}

/// Where the sandbox pulls the plug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CrashPoint {
    /// Before anything of the call has taken effect.
    BeforeChange,
    /// After half of the call's items have changed.
    HalfWay,
    /// After all have changed, before the answer.
    AfterChange,
}
