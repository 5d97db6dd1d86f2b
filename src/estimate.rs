//! `estimate`: drives `deduct` and `bill` from cycle to cycle.

use crate::answer::Estimate;
use crate::bill;
use crate::book::Book;
use crate::deduct::{Deduction, Telling};
use crate::error::{Code, Result, fail};
use crate::ledger::Ledger;
use crate::question::Question;
use crate::request::Detail;
use crate::rulebook::Settlement;
use crate::time::{Instant, Period};
use crate::value::Value;

/// Streams × cycles in one answer, at most.
const STEPS_MAX: u64 = 50_000_000;

/// Answers a request.
///
/// Fails on the first thing wrong with the request or its catalog, with its place; on sums beyond what is exact
/// (`amount_too_large`); on more than 200,000 lines or draws (`answer_too_large`).
pub fn estimate(request: &Value) -> Result<Estimate> {
    let (question, request) = Question::read(request)?;
    answer(&question, request.detail)
}

/// Answers a question.
pub(crate) fn answer(question: &Question, detail: Detail) -> Result<Estimate> {
    Ok(answer_and_turns(question, detail)?.0)
}

/// Answers a question, and names all instants at which it matters in which order calls were made.
pub(crate) fn answer_and_turns(question: &Question, detail: Detail) -> Result<(Estimate, Vec<Instant>)> {
    let settled = |at| question.catalog.settlement.cycle(question.catalog.utc_offset, at);
    let telling = if detail == Detail::Draw { Telling::Draws } else { Telling::Causes };
    let mut deduction = Deduction::new(question, telling, &settled);
    let mut book = Book::new(question, detail);
    walk(question, &mut deduction, question.catalog.settlement, |cycle, ledger, deduction| {
        let lines = bill::settle(question, cycle, &ledger.entries, &deduction.tallies)?;
        book.enter(cycle, &ledger, lines)
    })?;
    Ok((book.close(&deduction)?, deduction.turns()))
}

/// Walks from cycle to cycle, over all calls before the period's end; hands over each cycle's ledger within the period.
pub(crate) fn walk<'a>(
    question: &'a Question,
    deduction: &mut Deduction<'a>,
    settlement: Settlement,
    mut settle: impl FnMut(Period, Ledger, &Deduction<'a>) -> Result<()>,
) -> Result<()> {
    let earliest = question.streams.iter().filter_map(|stream| stream.items.first()).map(|item| item.period.start).min();
    let mut now = question.opening.as_ref().map(|opening| opening.at).or(earliest).unwrap_or(question.period.end);
    let mut steps = 0_u64;
    let cycle = |at| settlement.cycle(question.catalog.utc_offset, at);
    let mut of = cycle(now);
    while let Some(at) = deduction.next_request(now).filter(|&at| at < question.period.end) {
        if at >= of.end {
            of = cycle(at);
        }
        deduction.start_cycle();
        let mut stretch = Period { start: at, end: of.end.min(question.period.end) };
        if at < question.period.start {
            let before = Period { end: stretch.end.min(question.period.start), ..stretch };
            deduction.advance(before, &mut Ledger::default());
            stretch.start = before.end;
        }
        if stretch.start < stretch.end {
            let mut ledger = Ledger::default();
            deduction.advance(stretch, &mut ledger);
            settle(of, ledger, deduction)?;
        }
        now = stretch.end;
        steps += question.streams.len() as u64;
        if steps > STEPS_MAX {
            return fail(Code::AnswerTooLarge, "request");
        }
    }
    Ok(())
}
