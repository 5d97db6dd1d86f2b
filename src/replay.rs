//! `replay`: a call log, read as a stream, and what should have been charged for it.
//!
//! Holds counts, never rows. What happens inside an hour matters only where something starts, ends or runs out in it: such
//! hours are read again by the second, and then the answer is exact.

use crate::answer::{Estimate, LineKind, Span};
use crate::book::span;
use crate::catalog::Catalog;
use crate::charges::{Charge, charges};
use crate::count::COUNT_MAX;
use crate::counts::{Counts, Refine};
use crate::csv::{Event, Record, Splitter};
use crate::error::{Code, PricingError, Result, fail};
use crate::estimate::{answer, answer_and_turns};
use crate::export::{What, export};
use crate::log::{Columns, LogOptions, Reader, RowOr, Unmatched};
use crate::question::{Question, period_of_log};
use crate::receipt::{self, Receipt};
use crate::reconcile::{BillRow, Reconciliation, reconcile};
use crate::repeated::{Repeated, WITHIN};
use crate::request::{CallRow, Detail, PeriodRow, Request};
use crate::sort::sort_by_key;
use crate::time::{Instant, LogClock, Period};
use crate::usage::Stream;
use crate::value::{Value, read};
use serde::Serialize;
use std::rc::Rc;
use tsify::Tsify;

/// Problems that are kept with their line; the others are counted.
const PROBLEMS_MAX: usize = 10_000;
/// Times that a file is read.
const PASSES_MAX: u64 = 3;
/// Seconds by which a turn may lie elsewhere than counts by the hour say: so near to an hour's edge, both hours are read again at once.
const NEAR: i64 = 600;
/// Bytes in which a zero byte shows that this is no text.
const SNIFFED: u64 = 4_096;

/// What was read so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub struct Progress {
    /// Rows, the header not counted.
    pub rows: u64,
    /// Rows among them that cannot be read.
    pub problems: u64,
}

/// The first line, and what its columns mean.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// `,` `;` or a tab.
    pub separator: String,
    /// The titles of the columns; empty where the first line is a row already.
    pub header: Vec<String>,
    /// Where each column stands.
    pub columns: Columns,
    /// The first rows, at most five.
    pub sample: Vec<Vec<String>>,
    /// Whether instants state no offset, so that the zone has to be asked for.
    pub needs_zone: bool,
}

/// What a log comes to.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct ReplayAnswer {
    /// What should have been charged; exact once `refine` is empty. Where the request gives no period, it ends with the month of the last
    /// call or purchase: what a term has left then is `left`, not `expired`.
    pub estimate: Estimate,
    /// Hours to be read again: push the ranges, each after `seek`, or the whole file, and finish again.
    pub refine: Vec<Span>,
    /// Where their rows stand in the file, in order and apart.
    pub ranges: Vec<ByteRange>,
    /// How often the file was read.
    pub passes: u64,
    /// Rows, the header not counted.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Names of APIs and regions that are not known; their calls are in no answer.
    pub unmatched: Vec<Unmatched>,
    /// Rows that cannot be read, in order, at most 10,000.
    pub problems: Vec<LogProblem>,
    /// How many rows cannot be read, by code.
    pub problem_counts: Vec<ProblemCount>,
    /// Rows that repeat an earlier one. They are counted all the same.
    pub repeated: RepeatedRows,
    /// Hours in which it matters when calls were made, and in which several stand at the first second and none elsewhere: the log may state
    /// hours only, and then the answer is not exact there.
    pub whole_hours: Vec<Span>,
    /// Why calls were charged, the largest amount first, and what would have avoided it; empty until `refine` is.
    pub charges: Vec<Charge>,
}

/// The receipt of a call of a log, or what has to be read again for it.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct LogReceipt {
    /// The receipt; `null` until the ranges are pushed.
    pub receipt: Option<Receipt>,
    /// Where the rows of the call's hour stand in the file.
    pub ranges: Vec<ByteRange>,
}

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct ByteRange {
    /// A row starts at this byte.
    pub from: u64,
    /// A row ends before this byte.
    pub to: u64,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct LogProblem {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong.
    pub code: Code,
    /// The column, or `log` for the whole row.
    pub place: String,
}

/// Rows that cannot be read for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct ProblemCount {
    /// What is wrong.
    pub code: Code,
    /// How many rows.
    pub rows: u64,
}

/// Rows that repeat an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct RepeatedRows {
    /// How many.
    pub rows: u64,
    /// How many rows back one was looked for.
    pub within: u64,
}

/// A log that is being read. Detail `draw` names the second of each draw, so it counts everything by the second.
pub struct Replay {
    request: Request,
    /// The period that the request gives; where it gives none, the request gets that of the log.
    period: Option<PeriodRow>,
    splitter: Splitter,
    rows: Rows,
    bytes: u64,
    /// The question of the last answer.
    asked: Option<Question>,
}

/// What was read of the rows.
struct Rows {
    options: LogOptions,
    catalog: Rc<Catalog>,
    head: Option<(Vec<String>, Columns)>,
    reader: Option<Reader>,
    /// Where the first row starts, after the titles.
    first_row: u64,
    /// Fields that a row may have.
    width: usize,
    id: Option<usize>,
    counts: Counts,
    repeated: Repeated,
    /// What it found once the file was read; it is large, so it is given up then.
    repeated_rows: u64,
    progress: Progress,
    pass: u64,
    problems: Vec<LogProblem>,
    problem_counts: Vec<ProblemCount>,
    sample: Vec<Vec<String>>,
    without_offset: bool,
    /// When the first call was made whose API or region is not known.
    unmatched_at: Option<Instant>,
    failed: Option<PricingError>,
}

impl Replay {
    /// A log to be read with the prices, purchases and subscriptions of a request, and with the columns of its own options. The request's usage
    /// plays no part.
    pub fn new(request: &Value) -> Result<Replay> {
        let (request, options) = LogOptions::split(request);
        let options = read::<LogOptions>(&options).map_err(|error| error.inside("request"))?;
        let (request, catalog) = Question::sound(&request)?;
        let separator = match options.separator.as_deref() {
            None => None,
            Some(text @ ("," | ";" | "\t")) => text.bytes().next(),
            Some(_) => return fail(Code::InvalidValue, "request.separator"),
        };
        let counts = Counts::new(&catalog, request.detail == Detail::Draw);
        let rows = Rows {
            options,
            catalog,
            head: None,
            reader: None,
            first_row: 0,
            width: 0,
            id: None,
            counts,
            repeated: Repeated::default(),
            repeated_rows: 0,
            progress: Progress::default(),
            pass: 1,
            problems: Vec::new(),
            problem_counts: Vec::new(),
            sample: Vec::new(),
            without_offset: false,
            unmatched_at: None,
            failed: None,
        };
        Ok(Replay { period: request.period, request, splitter: Splitter::new(separator), rows, bytes: 0, asked: None })
    }

    /// Takes the next bytes of the file. They may be cut anywhere.
    ///
    /// Fails on what is no text (`log_not_text`), on a column that is missing (`column_missing`, place `log.columns.at`) and on too many
    /// combinations of names (`too_many_streams`). After a failure every further call fails the same way.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Progress> {
        if self.rows.pass == 1 {
            let sniffed = SNIFFED.saturating_sub(self.bytes).min(bytes.len() as u64) as usize;
            let compressed = self.bytes == 0 && bytes.starts_with(&[0x1F]);
            if compressed || memchr::memchr(0, &bytes[..sniffed]).is_some() {
                self.rows.failed = self.rows.failed.take().or(Some(PricingError::new(Code::LogNotText, "log")));
            }
            self.bytes += bytes.len() as u64;
        }
        if self.rows.failed.is_none() {
            self.splitter.push(bytes, &mut |event| self.rows.take(event));
        }
        self.rows.failed.clone().map_or(Ok(self.rows.progress), Err)
    }

    /// Goes on at a byte at which a row starts, in a further pass. Fails with `invalid_value` at `offset` in the first pass, in which every
    /// row is counted, and beyond the end of the file.
    pub fn seek(&mut self, offset: u64) -> Result<()> {
        if self.rows.pass == 1 || offset > self.bytes {
            return fail(Code::InvalidValue, "offset");
        }
        self.splitter.finish(&mut |event| self.rows.take(event));
        self.splitter.seek(offset);
        Ok(())
    }

    /// The first line and what its columns mean; `None` while it is not complete.
    pub fn head(&self) -> Option<Head> {
        let (header, columns) = self.rows.head.as_ref()?;
        Some(Head {
            separator: char::from(self.splitter.separator()?).to_string(),
            header: header.clone(),
            columns: columns.clone(),
            sample: self.rows.sample.clone(),
            needs_zone: self.rows.without_offset && self.rows.options.zone.is_none(),
        })
    }

    /// The file ends: what it comes to. Where `refine` names hours, they are pushed again, then it is finished again, at most twice.
    pub fn finish(&mut self) -> Result<ReplayAnswer> {
        self.splitter.finish(&mut |event| self.rows.take(event));
        let rows = &mut self.rows;
        if let Some(error) = &rows.failed {
            return Err(error.clone());
        }
        let Some(reader) = rows.reader.as_ref().filter(|_| rows.progress.rows > 0) else { return fail(Code::LogEmpty, "log") };
        if rows.pass == 1 {
            rows.repeated_rows = std::mem::take(&mut rows.repeated).rows();
        }
        rows.counts.refined();
        self.asked = None;
        let streams = rows.counts.streams(&rows.catalog, &reader.keys);
        countable(&streams, &reader.unmatched())?;
        self.request.period = self.period;
        let period = match period_of_log(&rows.catalog, &self.request, &streams) {
            // Where no row counts and nothing was bought, the answer is about the month of the first row that could be read.
            Err(error) if error.code() == Code::NothingToEstimate => {
                let zone = rows.catalog.utc_offset;
                let opening = self.request.opening.as_ref().map(|opening| opening.at);
                let start = opening.or(rows.unmatched_at).unwrap_or(Instant(0));
                let month = zone.month_period(zone.month(start));
                Period { start: opening.unwrap_or(month.start), end: month.end }
            }
            period => period?,
        };
        self.request.period = Some(PeriodRow { start: period.start, end: period.end });
        let mut question = Question::of(&self.request, rows.catalog.clone(), streams)?;
        let (estimate, mut turns) = answer_and_turns(&question, self.request.detail)?;
        // What would have avoided a charge is found by trying out changes; these have turns of their own.
        let why = charges(&self.request, &rows.catalog, std::mem::take(&mut question.streams), &estimate)?;
        question.streams = why.streams;
        turns.extend(why.turns);
        turns.extend(begun(&question, &estimate));
        let near = if rows.pass == 1 { NEAR } else { 0 };
        let around: Vec<Instant> = turns.iter().flat_map(|at| [-near, 0, near].map(|by| Instant(at.0.saturating_add(by)))).collect();
        let refine = if rows.pass < PASSES_MAX { rows.counts.refine(&around) } else { Vec::new() };
        let mut whole = rows.counts.whole_hours();
        if self.request.detail != Detail::Draw {
            whole.retain(|hour| turns.iter().any(|&at| hour.contains(at)));
        }
        let answer = ReplayAnswer {
            estimate,
            ranges: ranges(&refine),
            refine: refine.iter().map(|it| span(&question, it.hour)).collect(),
            passes: rows.pass,
            rows: rows.progress.rows,
            bytes: self.bytes,
            unmatched: reader.unmatched(),
            problems: rows.problems.clone(),
            problem_counts: rows.problem_counts.clone(),
            repeated: RepeatedRows { rows: rows.repeated_rows, within: WITHIN as u64 },
            whole_hours: whole.into_iter().map(|hour| span(&question, hour)).collect(),
            charges: why.charges,
        };
        self.asked = Some(question);
        rows.pass += 1;
        self.splitter.seek(0);
        Ok(answer)
    }

    /// The receipt of one call of the log. Its hour has to be read by the second: where it was not yet, push the ranges and ask again.
    pub fn receipt(&mut self, call: &Value) -> Result<LogReceipt> {
        let call = read::<CallRow>(call).map_err(|error| error.inside("call"))?;
        let rows = &mut self.rows;
        self.splitter.finish(&mut |event| rows.take(event));
        rows.counts.refined();
        let refine = rows.counts.refine(&[call.at]);
        if !refine.is_empty() {
            self.splitter.seek(0);
            return Ok(LogReceipt { receipt: None, ranges: ranges(&refine) });
        }
        let Some(reader) = &rows.reader else { return fail(Code::LogEmpty, "log") };
        let streams = rows.counts.streams(&rows.catalog, &reader.keys);
        let question = Question::of(&self.request, rows.catalog.clone(), streams)?;
        Ok(LogReceipt { receipt: Some(receipt::of(question, call)?), ranges: Vec::new() })
    }

    /// The last answer against the lines of the provider's bill. Fails with `log_empty` before the first answer.
    pub fn reconcile(&self, bill: &Value) -> Result<Reconciliation> {
        let Some(question) = &self.asked else { return fail(Code::LogEmpty, "log") };
        let bill = read::<Vec<BillRow>>(bill).map_err(|error| error.inside("bill"))?;
        reconcile(question, &answer(question, Detail::Cycle)?, &bill)
    }

    /// The last answer. Fails with `log_empty` before the first one.
    pub fn estimate(&self) -> Result<Estimate> {
        let Some(question) = &self.asked else { return fail(Code::LogEmpty, "log") };
        answer(question, self.request.detail)
    }

    /// The last answer as a file. A ledger names seconds, so it needs detail `draw`: `missing_field` at `request.detail`.
    pub fn export(&self, what: What) -> Result<String> {
        let Some(question) = &self.asked else { return fail(Code::LogEmpty, "log") };
        export(question, &self.estimate()?, what)
    }
}

impl Rows {
    /// Takes what the splitter found.
    fn take(&mut self, event: Event<'_>) {
        if self.failed.is_some() {
            return;
        }
        let taken = match event {
            Event::Problem { .. } if self.pass > 1 => Ok(()),
            Event::Problem { line, lines, code } => {
                self.progress.rows += lines - 1;
                self.problem(line, code, "log");
                Ok(())
            }
            Event::Record(record) if self.head.is_none() => self.first(&record),
            Event::Record(record) => self.row(&record),
        };
        self.failed = taken.err();
    }

    /// The first record: titles, or a row already.
    fn first(&mut self, record: &Record<'_>) -> Result<()> {
        let titles: Vec<String> = texts(record);
        let columns = Columns::find(&titles, &self.options.columns, &self.options.success(&self.catalog));
        let mut clock = LogClock::new(Some(self.catalog.utc_offset));
        let at = columns.as_ref().ok().and_then(|columns| columns.at).and_then(|at| record.field(at));
        let is_row = at.is_some_and(|at| clock.read(at).is_ok());
        self.first_row = if is_row { record.offset } else { record.end };
        // What was found is told before it is judged: a person maps what is missing.
        self.head = Some((if is_row { Vec::new() } else { titles }, columns.clone().unwrap_or_default()));
        let columns = columns?;
        self.width = record.len().max(columns.width());
        self.id = columns.id;
        self.reader = Some(Reader::new(&self.catalog, &self.options, columns)?);
        if is_row { self.row(record) } else { Ok(()) }
    }

    #[inline]
    fn row(&mut self, record: &Record<'_>) -> Result<()> {
        let Some(reader) = self.reader.as_mut().filter(|_| record.offset >= self.first_row) else { return Ok(()) };
        let first_pass = self.pass == 1;
        // What stands behind the last column was cut out of one before it; empty fields there mean nothing.
        let more = (self.width..record.len()).any(|i| record.field(i).is_some_and(|text| !text.trim_ascii().is_empty()));
        let row = if more { RowOr::Problem(Code::TooManyFields, "log") } else { reader.row(record, first_pass)? };
        if !first_pass {
            if let RowOr::Row(row) = row {
                self.counts.add_second(&row);
            }
            return Ok(());
        }
        self.progress.rows += 1;
        if self.sample.len() < 5 {
            self.sample.push(texts(record));
        }
        match row {
            RowOr::Row(row) => {
                self.counts.add(&row, record.offset, record.end);
                self.repeated.look(self.id.and_then(|id| record.field(id)).unwrap_or_else(|| record.raw.trim_ascii_end()));
            }
            RowOr::Unmatched => {
                if self.unmatched_at.is_none() {
                    let at = self.head.as_ref().and_then(|(_, columns)| columns.at).and_then(|at| record.field(at));
                    let zone = self.options.zone.unwrap_or(self.catalog.utc_offset);
                    self.unmatched_at = at.and_then(|at| LogClock::new(Some(zone)).read(at).ok());
                }
            }
            RowOr::Problem(code, column) => {
                self.without_offset |= code == Code::InstantWithoutOffset;
                self.progress.rows -= 1;
                self.problem(record.line, code, column);
            }
        }
        Ok(())
    }

    /// Keeps a row that cannot be read, or only counts it.
    #[cold]
    fn problem(&mut self, line: u64, code: Code, place: &str) {
        self.progress.rows += 1;
        self.progress.problems += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(LogProblem { line, code, place: place.to_string() });
        }
        match self.problem_counts.iter_mut().find(|count| count.code == code) {
            Some(count) => count.rows += 1,
            None => self.problem_counts.push(ProblemCount { code, rows: 1 }),
        }
    }
}

/// Where the use of a line begins with an hour that is not its cycle's first. Its second may be known by the hour only.
fn begun(question: &Question, estimate: &Estimate) -> Vec<Instant> {
    let (zone, mut clock) = (question.catalog.utc_offset, LogClock::new(None));
    let lines = estimate.lines.iter().filter(|line| line.kind == LineKind::PayPerUse && line.used.start != line.cycle.start);
    lines.filter_map(|line| clock.read(line.used.start.as_bytes()).ok()).filter(|&at| zone.hour_start(at) == at).collect()
}

/// The parts of the file that hold some hours, those that overlap or touch as one.
fn ranges(refine: &[Refine]) -> Vec<ByteRange> {
    let mut parts: Vec<ByteRange> = refine.iter().map(|it| ByteRange { from: it.from, to: it.to }).collect();
    sort_by_key(&mut parts, |part| (part.from, part.to));
    let mut ranges: Vec<ByteRange> = Vec::new();
    for part in parts {
        match ranges.last_mut().filter(|last| part.from <= last.to) {
            Some(last) => last.to = last.to.max(part.to),
            None => ranges.push(part),
        }
    }
    ranges
}

fn texts(record: &Record<'_>) -> Vec<String> {
    (0..record.len()).filter_map(|i| record.field(i)).map(|text| String::from_utf8_lossy(text).into_owned()).collect()
}

/// Calls are counted exactly up to the largest whole number that JavaScript knows.
fn countable(streams: &[Stream], unmatched: &[Unmatched]) -> Result<()> {
    let items = streams.iter().flat_map(|stream| &stream.items);
    let calls: u128 = items.map(|item| u128::from(item.requests) * u128::from(item.calls_per_request.max(1))).sum();
    let calls = calls + unmatched.iter().map(|it| u128::from(it.calls)).sum::<u128>();
    if calls > u128::from(COUNT_MAX) { fail(Code::CountTooLarge, "log.columns.calls") } else { Ok(()) }
}
