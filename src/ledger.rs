//! What happened to calls: draws, charges, refusals, failures. Money is not known here.
//!
//! Always true: each call stands in exactly one entry.

use crate::access::Refusal;
use crate::explain::Cause;
use crate::question::LadderIndex;
use crate::time::{Instant, Period};

/// What happened to some calls of one stream.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Index of the stream.
    pub stream: usize,
    /// How many calls.
    pub calls: u64,
    /// What happened to them.
    pub outcome: Outcome,
}

/// What happened to a call. One call, one outcome.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Not counted: its status is not 2xx (N1).
    Failed,
    /// Refused; costs nothing.
    Refused(Refusal),
    /// A grant paid.
    Drawn(Draw),
    /// Nothing covered it.
    Charged(Charge),
}

/// Calls that a grant paid.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Index of the grant.
    pub grant: usize,
    /// What the calls took, in the grant's unit.
    pub units: u64,
    /// Who paid, exactly when; only where draws were asked for.
    pub told: Option<Told>,
}

/// The particulars of a draw.
#[derive(Clone, Debug)]
pub struct Told {
    /// Second of the first call.
    pub first: Instant,
    /// Second of the last call.
    pub last: Instant,
    /// What the grant has left after the last call.
    pub left: u64,
    /// The next grant in draw-down order that could have paid.
    pub over: Option<usize>,
}

/// What prices a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The row: the version in force.
    pub ladder: LadderIndex,
    /// Index of the tally that it shares with the other versions of its chain.
    pub tally: usize,
}

/// Calls that cost money.
#[derive(Clone, Debug)]
pub struct Charge {
    /// What prices them; `None`: there is no price row.
    pub price: Option<Priced>,
    /// The step of a graduated ladder in which they stand.
    pub step: usize,
    /// Why they cost money.
    pub cause: Cause,
    /// How long the API was open for such calls without a gap.
    pub open: Period,
    /// How long nothing covered them: from the first one, where a grant served calls before it in the cycle, up to the next
    /// grant that starts in the cycle.
    pub uncovered: Period,
}

/// Everything that happened in a stretch of time, in draw-down order within each second.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Requests, whatever became of them.
    pub requests: u64,
    /// What became of their calls.
    pub entries: Vec<Entry>,
}
