//! The answer as a file: the bill, the ledger and the causes as CSV; FOCUS, in `focus`. As JSON, the answer is a file already.
//!
//! Always true: a file says what the answer says. What a reader adds up in it is a sum of the answer.

use crate::answer::{BillLine, CauseLine, Estimate, LineKind, Span};
use crate::error::{Code, Result, fail};
use crate::estimate::answer;
use crate::focus::focus;
use crate::money::Amount;
use crate::question::Question;
use crate::request::Detail;
use crate::rulebook::BillAt;
use crate::sort::sort_by_key;
use crate::table::{Cell, Table, maybe, plain, text};
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
        table.row([
            plain(kind(line)),
            plain(&line.cycle.start),
            plain(&line.cycle.end),
            plain(line.cycles),
            plain(&line.used.start),
            plain(&line.used.end),
            plain(&line.debited_at),
            text(&line.api),
            text(&line.region),
            optional(&line.project),
            optional(&line.package),
            optional(&line.grant),
            maybe(line.quantity, plain),
            plain(line.calls),
            list(line.slices.iter().map(slice)),
            maybe(line.amount, plain),
            maybe(line.charged, plain),
            maybe(line.rounded_off, plain),
            list(line.causes.iter().map(cause)),
            text(&estimate.currency),
        ]);
    }
    // Where the month's sum is cut once, no line knows of it.
    let cut = question.catalog.rounding.bill.at == BillAt::Month;
    for month in estimate.months.iter().filter(|_| cut) {
        let Some(rounded_off) = month.rounded_off.filter(|it| *it != Amount::ZERO) else { continue };
        let cells = [plain("rounding"), plain(&month.month)].into_iter().chain((2..15).map(|_| Cell::Empty));
        let amounts = [plain(Amount::ZERO), plain(Amount::ZERO.minus(rounded_off)?), plain(rounded_off)];
        table.row(cells.chain(amounts).chain([Cell::Empty, text(&estimate.currency)]));
    }
    Ok(table.finish())
}

fn kind(line: &BillLine) -> &'static str {
    match line.kind {
        LineKind::Package => "package",
        LineKind::PayPerUse => "pay-per-use",
    }
}

fn optional(it: &Option<String>) -> Cell {
    maybe(it.as_deref(), text)
}

fn list(parts: impl Iterator<Item = String>) -> Cell {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { Cell::Empty } else { plain(parts.join("; ")) }
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

/// What happened, from when to when.
type Entry = (String, u8, Vec<Cell>);

fn ledger(estimate: &Estimate) -> Result<String> {
    let Some(draws) = &estimate.draws else { return fail(Code::MissingField, "request.detail") };
    let mut entries: Vec<Entry> = Vec::new();
    for line in &estimate.lines {
        let place = [text(&line.api), text(&line.region), optional(&line.project)];
        match line.kind {
            LineKind::Package => {
                let why = [Cell::Empty, Cell::Empty, plain("P7")];
                let figures = [optional(&line.grant), Cell::Empty, Cell::Empty, Cell::Empty, maybe(line.amount, plain)];
                entries.push(entry(0, "purchase", &line.cycle, place, figures, why));
            }
            LineKind::PayPerUse => {
                for cause in &line.causes {
                    let why = [plain(&cause.code), Cell::Empty, plain(&cause.rule)];
                    let figures = [Cell::Empty, plain(cause.calls), Cell::Empty, Cell::Empty, maybe(cause.amount, plain)];
                    entries.push(entry(2, "charge", &line.used, place.clone(), figures, why));
                }
            }
        }
    }
    for draw in draws {
        let place = [text(&draw.api), text(&draw.region), optional(&draw.project)];
        let figures = [text(&draw.grant), plain(draw.calls), plain(draw.units), plain(draw.left), Cell::Empty];
        let why = [plain(&draw.because.key), optional(&draw.because.over), text(&draw.because.rule)];
        let span = Span { start: draw.from.clone(), end: draw.to.clone() };
        entries.push(entry(1, "draw", &span, place, figures, why));
    }
    // All instants of an answer are written alike, so their texts are in order of time.
    sort_by_key(&mut entries, |(from, kind, _)| (from.clone(), *kind));
    let header = ["kind", "from", "to", "api", "region", "project", "grant", "calls", "units", "left", "amount", "because", "over", "rule"];
    let mut table = Table::new(&header);
    for (.., cells) in entries {
        table.row(cells);
    }
    Ok(table.finish())
}

fn entry(order: u8, kind: &str, span: &Span, place: [Cell; 3], figures: [Cell; 5], why: [Cell; 3]) -> Entry {
    let mut cells = vec![plain(kind), plain(&span.start), plain(&span.end)];
    cells.extend(place.into_iter().chain(figures).chain(why));
    (span.start.clone(), order, cells)
}

fn causes(estimate: &Estimate) -> String {
    let header = ["code", "rule", "cycle.start", "cycle.end", "api", "region", "project", "calls", "amount", "currency"];
    let mut table = Table::new(&header);
    for line in &estimate.lines {
        for cause in &line.causes {
            table.row([
                plain(&cause.code),
                plain(&cause.rule),
                plain(&line.cycle.start),
                plain(&line.cycle.end),
                text(&line.api),
                text(&line.region),
                optional(&line.project),
                plain(cause.calls),
                maybe(cause.amount, plain),
                text(&estimate.currency),
            ]);
        }
    }
    table.finish()
}
