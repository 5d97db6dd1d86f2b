//! What must always be true of an answer, checked before it leaves: every call has one outcome, every grant's quota is used, left
//! or expired, and the lines add up to the total and what was rounded off.

use crate::answer::{Estimate, LineKind};
use crate::error::{Code, Result, fail};
use crate::money::sum;
use crate::question::Question;

/// Holds the answer against what must always be true.
pub fn audit(question: &Question, estimate: &Estimate) -> Result<()> {
    let calls = &estimate.calls;
    let mut sound = calls.counted == calls.free + calls.promotional + calls.package + calls.pay_per_use;
    sound &= estimate.grants.iter().all(|grant| grant.quota == grant.used + grant.left + grant.expired);
    // What was asked is counted once more, from the usage alone.
    let (mut requests, mut of_requests) = (0, 0);
    for item in question.streams.iter().flat_map(|stream| &stream.items) {
        let from = question.opening.as_ref().map_or(question.period.start, |opening| opening.at.max(question.period.start));
        let made = item.requests_before(question.period.end) - item.requests_before(from);
        requests += made;
        of_requests += made * item.calls_per_request;
    }
    sound &= requests == calls.requests && of_requests == calls.counted + calls.not_counted + calls.rejected;
    let amounts = sum(estimate.lines.iter().map(|line| line.amount))?;
    let billed = sum([estimate.total, estimate.rounded_off])?;
    sound &= amounts == billed && estimate.total == sum([estimate.packages, estimate.pay_per_use])?;
    sound &= estimate.total == sum(estimate.months.iter().map(|month| month.total))?;
    for line in estimate.lines.iter().filter(|line| line.kind == LineKind::PayPerUse) {
        sound &= line.amount == sum([line.charged, line.rounded_off])?;
        sound &= line.amount == sum(line.causes.iter().map(|cause| cause.amount))?;
        // A merged line is the sum of lines that were cut each on its own.
        let exact = sum(line.slices.iter().map(|slice| slice.amount))?;
        sound &= line.cycles > 1 || line.amount == exact.map(|exact| exact.cut(question.catalog.rounding.line));
    }
    if sound { Ok(()) } else { fail(Code::AuditFailed, "request") }
}
