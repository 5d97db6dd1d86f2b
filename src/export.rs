//! The answer as a file: the bill, the ledger and the causes as CSV; FOCUS, in `focus`. As JSON, the answer is a file already.
//!
//! Always true: a file says what the answer says. What a reader adds up in it is a sum of the answer.

use crate::answer::{BillLine, CauseLine, DrawLine, Estimate, LineKind};
use crate::error::{Code, Result, fail};
use crate::estimate::answer;
use crate::focus::focus;
use crate::money::Amount;
use crate::question::Question;
use crate::request::Detail;
use crate::rulebook::BillAt;
use crate::sort::sort_by_key;
use crate::table::Table;
use crate::tariff::Slice;
use crate::value::{Value, reads_word};
use tsify::Tsify;

/// A file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// One row for each line of the bill, and one for each month of which the sum was cut. `charged` adds up to the total.
    #[default]
    BillCsv,
    /// One row for each purchase, draw and charge, in order. `amount` adds up to the total and what was rounded off.
    LedgerCsv,
    /// One row for each line and cause. `amount` adds up to pay-per-use and what was rounded off.
    CausesCsv,
    /// FOCUS 1.2. `BilledCost` adds up to the total.
    FocusCsv,
}

reads_word!(What { "bill-csv" BillCsv, "ledger-csv" LedgerCsv, "causes-csv" CausesCsv, "focus-csv" FocusCsv });

/// The answer to a request as a file, in as much detail as the request asks for; a ledger always in full.
///
/// Fails as `estimate` does; FOCUS also with `no_published_price` where a cost is not known.
pub fn exported(request: &Value, what: What) -> Result<String> {
    let (question, request) = Question::read(request)?;
    let detail = if what == What::LedgerCsv { Detail::Draw } else { request.detail };
    export(&question, &answer(&question, detail)?, what)
}

/// An answer as a file. A ledger needs its draws.
pub fn export(question: &Question, estimate: &Estimate, what: What) -> Result<String> {
    match what {
        What::BillCsv => bill(question, estimate),
        What::LedgerCsv => ledger(estimate),
        What::CausesCsv => Ok(causes(estimate)),
        What::FocusCsv => focus(question, estimate),
    }
}

/// Columns are named after the fields of the answer.
const BILL: &[&str] = &[
    "kind",
    "cycle.start",
    "cycle.end",
    "cycles",
    "used.start",
    "used.end",
    "debitedAt",
    "api",
    "region",
    "project",
    "package",
    "grant",
    "quantity",
    "calls",
    "slices",
    "amount",
    "charged",
    "roundedOff",
    "causes",
    "currency",
];

fn bill(question: &Question, estimate: &Estimate) -> Result<String> {
    let mut table = Table::new(BILL);
    for line in &estimate.lines {
        table.plain(&kind(line)).plain(&line.cycle.start).plain(&line.cycle.end).plain(&line.cycles);
        table.plain(&line.used.start).plain(&line.used.end).plain(&line.debited_at);
        table.text(&line.api).text(&line.region).optional(&line.project).optional(&line.package).optional(&line.grant);
        match line.quantity {
            Some(quantity) => table.plain(&quantity),
            None => table.empty(1),
        };
        table.plain(&line.calls).plain(&list(line.slices.iter().map(slice)));
        table.amount(line.amount).amount(line.charged).amount(line.rounded_off);
        table.plain(&list(line.causes.iter().map(cause))).text(&estimate.currency).end();
    }
    // Where the month's sum is cut once, no line knows of it.
    let cut = question.catalog.rounding.bill.at == BillAt::Month;
    for month in estimate.months.iter().filter(|_| cut) {
        let Some(rounded_off) = month.rounded_off.filter(|it| *it != Amount::ZERO) else { continue };
        table.plain(&"rounding").plain(&month.month).empty(13);
        table.plain(&Amount::ZERO).plain(&Amount::ZERO.minus(rounded_off)?).plain(&rounded_off);
        table.empty(1).text(&estimate.currency).end();
    }
    Ok(table.finish())
}

fn kind(line: &BillLine) -> &'static str {
    match line.kind {
        LineKind::Package => "package",
        LineKind::PayPerUse => "pay-per-use",
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<String>>().join("; ")
}

/// `1000 x 0.1 = 100`, `1000 x 1.5/1000 = 1.5`; a price or an amount that is not known is a question mark.
fn slice(slice: &Slice) -> String {
    let per = slice.per.map_or_else(String::new, |per| format!("/{per}"));
    format!("{} x {}{per} = {}", slice.calls, shown(slice.unit_price), shown(slice.amount))
}

/// `used_up: 12 calls = 1.2`.
fn cause(cause: &CauseLine) -> String {
    format!("{}: {} calls = {}", cause.code, cause.calls, shown(cause.amount))
}

fn shown(amount: Option<Amount>) -> String {
    amount.map_or_else(|| "?".to_string(), |amount| amount.to_string())
}

/// What happened.
enum Entry<'a> {
    Purchase(&'a BillLine),
    Draw(&'a DrawLine),
    Charge(&'a BillLine, &'a CauseLine),
}

fn ledger(estimate: &Estimate) -> Result<String> {
    let Some(draws) = &estimate.draws else { return fail(Code::MissingField, "request.detail") };
    let mut entries: Vec<(&str, Entry<'_>)> = Vec::new();
    let of = |kind| estimate.lines.iter().filter(move |line| line.kind == kind);
    entries.extend(of(LineKind::Package).map(|line| (line.cycle.start.as_str(), Entry::Purchase(line))));
    entries.extend(draws.iter().map(|draw| (draw.from.as_str(), Entry::Draw(draw))));
    for line in of(LineKind::PayPerUse) {
        entries.extend(line.causes.iter().map(|cause| (line.used.start.as_str(), Entry::Charge(line, cause))));
    }
    // All instants of an answer are written alike, so their texts are in order of time.
    sort_by_key(&mut entries, |(from, _)| *from);
    let mut table = Table::new(&[
        "kind", "from", "to", "api", "region", "project", "grant", "calls", "units", "left", "amount", "because", "over", "rule",
    ]);
    for (from, entry) in entries {
        let (kind, to, api, region, project) = match entry {
            Entry::Purchase(line) => ("purchase", &line.cycle.end, &line.api, &line.region, &line.project),
            Entry::Draw(draw) => ("draw", &draw.to, &draw.api, &draw.region, &draw.project),
            Entry::Charge(line, _) => ("charge", &line.used.end, &line.api, &line.region, &line.project),
        };
        table.plain(&kind).plain(&from).plain(to).text(api).text(region).optional(project);
        match entry {
            Entry::Purchase(line) => table.optional(&line.grant).empty(3).amount(line.amount).empty(2).plain(&"P7"),
            Entry::Draw(draw) => {
                table.text(&draw.grant).plain(&draw.calls).plain(&draw.units).plain(&draw.left).empty(1);
                table.plain(&draw.because.key).optional(&draw.because.over).text(&draw.because.rule)
            }
            Entry::Charge(_, cause) => {
                table.empty(1).plain(&cause.calls).empty(2).amount(cause.amount);
                table.plain(&cause.code).empty(1).plain(&cause.rule)
            }
        };
        table.end();
    }
    Ok(table.finish())
}

fn causes(estimate: &Estimate) -> String {
    let mut table = Table::new(&["code", "rule", "cycle.start", "cycle.end", "api", "region", "project", "calls", "amount", "currency"]);
    for line in &estimate.lines {
        for cause in &line.causes {
            table.plain(&cause.code).plain(&cause.rule).plain(&line.cycle.start).plain(&line.cycle.end);
            table.text(&line.api).text(&line.region).optional(&line.project);
            table.plain(&cause.calls).amount(cause.amount).text(&estimate.currency).end();
        }
    }
    table.finish()
}
