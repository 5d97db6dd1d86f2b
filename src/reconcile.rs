//! `reconcile`: our lines against those of the provider's bill.
//!
//! Lines belong together where kind, API, region and project are the same, as far as the bill states them, and their cycles overlap;
//! one line of a bill may stand for many of ours, and the other way round. A purchase is known by its instant and its amount, whatever
//! names the bill has for it. Differences are theirs less ours: above zero, the bill charges too much.

use crate::answer::{BillLine, Estimate, LineKind, Span};
use crate::catalog::{Catalog, Ladder, among};
use crate::count::{COUNT_MAX, Count};
use crate::error::{Code, Result, fail};
use crate::estimate::answer;
use crate::money::{Amount, sum};
use crate::question::Question;
use crate::request::Detail;
use crate::sort::{sort_by, sort_by_key};
use crate::time::{DAY, Instant, Period};
use crate::value::{Value, read, reads, reads_word};
use serde::Serialize;
use tsify::Tsify;

/// Pairs of lines that are looked at, at most.
const PAIRS_MAX: usize = 20_000_000;

/// One line of the provider's bill.
#[derive(Clone, Debug, Default, Tsify)]
pub struct BillRow {
    /// The first second that it is for; of a package, when it was paid.
    pub start: Instant,
    /// The first second that it is not for; left out: the settlement cycle in which it starts.
    #[tsify(optional)]
    pub end: Option<Instant>,
    /// What it is for; left out: the purchase of that instant and amount, if there is one, else pay-per-use.
    #[tsify(optional)]
    pub kind: Option<BillKind>,
    /// Whether it has a name for its product or region that is none of the catalog's. Then it is the purchase of that instant and amount,
    /// or has no place.
    #[tsify(optional)]
    pub foreign: bool,
    /// The API; left out: any.
    #[tsify(optional)]
    pub api: Option<String>,
    /// The region; left out: any.
    #[tsify(optional)]
    pub region: Option<String>,
    /// The project; left out: none, where another line of the bill names one, else any.
    #[tsify(optional)]
    pub project: Option<String>,
    /// Calls, where the bill states them.
    #[tsify(optional)]
    pub calls: Option<Count>,
    /// What is charged.
    pub amount: Amount,
}

reads!(BillRow { required start "start", optional end "end", optional kind "kind", optional foreign "foreign", optional api "api", optional region "region", optional project "project", optional calls "calls", required amount "amount" });

/// What a line of a bill is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum BillKind {
    /// A package bought or renewed.
    Package,
    /// Calls that no grant covered.
    #[default]
    PayPerUse,
}

reads_word!(BillKind { "package" Package, "pay-per-use" PayPerUse });

/// Our lines against theirs.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Reconciliation {
    /// Lines that agree.
    pub matched: u64,
    /// Every line: what was compared, and what came of it. Earlier ones first.
    pub lines: Vec<ReconciledLine>,
    /// The sums of the lines.
    pub totals: Totals,
    /// Lines of the bill that have no place here, as indices of the bill; they are in no line and in no sum.
    pub unplaced: Vec<u64>,
    /// Lines of one side for a time that the other says nothing about: they are no difference, and with them the sums cannot be compared.
    pub beyond: Beyond,
}

/// Lines for a time that the other side says nothing about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub struct Beyond {
    /// Lines of ours, before the first or after the last line of the bill, whatever that is for.
    pub ours: u64,
    /// Lines of the bill, before the first or after the last call or purchase.
    pub theirs: u64,
}

/// Lines that belong together.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct ReconciledLine {
    /// What they are for.
    pub kind: LineKind,
    /// The time that they cover.
    pub cycle: Span,
    /// The API; `null` where the bill names none and several fit.
    pub api: Option<String>,
    /// The region; `null` where the bill names none and several fit.
    pub region: Option<String>,
    /// The project, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Calls of ours; `null` where there is no such line, and for packages.
    pub our_calls: Option<u64>,
    /// Calls that the bill states.
    pub their_calls: Option<u64>,
    /// What should be charged; `null` where a price is missing or there is no such line.
    pub ours: Option<Amount>,
    /// What the bill charges; `null` where it has no such line.
    pub theirs: Option<Amount>,
    /// Theirs less ours; a line that is not there counts as zero.
    pub difference: Option<Amount>,
    /// What came of it.
    pub state: ReconciledState,
    /// Why they differ, most likely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReconciledReason>,
}

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ReconciledState {
    /// Both charge the same.
    Matched,
    /// They charge different amounts.
    Differs,
    /// On the bill, and not among ours.
    Missing,
    /// Among ours, and not on the bill.
    Extra,
}

/// Why lines differ, most likely. The first that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ReconciledReason {
    /// By less than what the bill's cut drops from each line.
    Rounding,
    /// What is too much here is too little in the cycle before or after.
    HourBoundary,
    /// What is too much here is too little in another region.
    Region,
    /// By calls that a free quota covers, or does not.
    FreeQuota,
    /// Other calls, at the same price.
    Calls,
    /// The same calls, or no number of calls explains it.
    Price,
}

/// Sums of all lines.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Totals {
    /// What should be charged; `null` where a price is missing.
    pub ours: Option<Amount>,
    /// What the bill charges.
    pub theirs: Amount,
    /// Theirs less ours.
    pub difference: Option<Amount>,
}

/// A request's answer against the `bill` that stands beside it. Fails as `estimate` does, and on a line of the bill that cannot be read.
pub fn ask(request: &Value) -> Result<Reconciliation> {
    let Value::Map(fields) = request else { return fail(Code::InvalidType, "request") };
    let (bill, asked): (Vec<_>, Vec<_>) = fields.iter().cloned().partition(|(name, _)| name == "bill");
    let Some((_, bill)) = bill.first() else { return fail(Code::MissingField, "request.bill") };
    let bill = read::<Vec<BillRow>>(bill).map_err(|error| error.inside("request.bill"))?;
    let (question, _) = Question::read(&Value::Map(asked))?;
    reconcile(&question, &answer(&question, Detail::Cycle)?, &bill)
}

/// Lines of a question's answer (at detail `cycle`) against those of a bill.
pub(crate) fn reconcile(question: &Question, estimate: &Estimate, bill: &[BillRow]) -> Result<Reconciliation> {
    let catalog = &question.catalog;
    let mut ours = Vec::new();
    for line in &estimate.lines {
        ours.push(our_line(line)?);
    }
    let theirs = their_lines(catalog, bill, &ours)?;
    let groups = groups(catalog, &ours, &theirs)?;
    let mut lines: Vec<ReconciledLine> = Vec::new();
    let mut pairs = 0;
    for (i, group) in groups.iter().enumerate() {
        lines.push(reconciled(catalog, &groups, i, group, &mut pairs)?);
    }
    let matched = lines.iter().filter(|line| line.state == ReconciledState::Matched).count() as u64;
    let ours = sum(estimate.lines.iter().map(|line| line.charged))?;
    let mut placed = vec![false; bill.len()];
    theirs.iter().filter_map(|line| line.row).for_each(|row| placed[row] = true);
    let unplaced = (0..bill.len()).filter(|&i| !placed[i]).map(|i| i as u64).collect();
    // Lines without a place show as well how far the bill reaches.
    let cycle = |at| catalog.settlement.cycle(catalog.utc_offset, at);
    let billed = bill.iter().map(|row| Period { start: cycle(row.start).start, end: row.end.unwrap_or(cycle(row.start).end) });
    let (billed, asked) = (billed.reduce(Period::hull), time_of(question));
    let outside = |state, time: Option<Period>| {
        let apart = |period: Period| time.is_some_and(|time| period.end <= time.start || time.end <= period.start);
        let unexplained = |line: &ReconciledLine| line.state == state && line.reason.is_none();
        groups.iter().zip(&lines).filter(|(group, line)| unexplained(line) && apart(group.line.period)).count() as u64
    };
    let beyond = Beyond { ours: outside(ReconciledState::Extra, billed), theirs: outside(ReconciledState::Missing, asked) };
    let theirs = sum(theirs.iter().map(|line| line.amount))?.unwrap_or(Amount::ZERO);
    let difference = ours.map(|ours| theirs.minus(ours)).transpose()?;
    Ok(Reconciliation { matched, lines, totals: Totals { ours, theirs, difference }, unplaced, beyond })
}

/// From the first to the last call or purchase in the period, whole settlement cycles.
fn time_of(question: &Question) -> Option<Period> {
    let calls = question.streams.iter().flat_map(|stream| &stream.items).filter(|item| item.requests > 0).map(|item| item.period);
    let bought = question.grants.iter().filter(|grant| grant.purchase().is_some());
    let bought = bought.map(|grant| Period { start: grant.created, end: Instant(grant.created.0 + 1) });
    let asked = calls.chain(bought).filter(|it| it.start < question.period.end && question.period.start < it.end);
    let time = asked.reduce(Period::hull)?.within(question.period);
    let cycle = |at| question.catalog.settlement.cycle(question.catalog.utc_offset, at);
    Some(Period { start: cycle(time.start).start, end: cycle(Instant(time.end.0 - 1)).end })
}

/// A line to be compared, from either side.
#[derive(Clone)]
struct Line<'a> {
    period: Period,
    kind: LineKind,
    api: Option<&'a str>,
    region: Option<&'a str>,
    /// `None`: any.
    project: Option<Option<&'a str>>,
    calls: Option<u64>,
    amount: Option<Amount>,
    /// Before the bill's cut.
    uncut: Option<Amount>,
    ours: Option<&'a BillLine>,
    /// Of theirs: its index in the bill.
    row: Option<usize>,
    /// Of theirs: the purchase that it is, by instant and amount, as an index of ours.
    purchase: Option<usize>,
}

fn our_line(line: &BillLine) -> Result<Line<'_>> {
    let instant = |text: &str| read::<Instant>(&Value::Text(text.to_string()));
    let (start, end) = (instant(&line.cycle.start)?, instant(&line.cycle.end)?);
    Ok(Line {
        // A package is paid in a second.
        period: Period { start, end: end.max(Instant(start.0 + 1)) },
        kind: line.kind,
        api: Some(&line.api),
        region: Some(&line.region),
        project: Some(line.project.as_deref()),
        calls: (line.kind == LineKind::PayPerUse).then_some(line.calls),
        amount: line.charged,
        uncut: line.amount,
        ours: Some(line),
        row: None,
        purchase: None,
    })
}

/// The lines of a bill that have a place.
fn their_lines<'a>(catalog: &Catalog, bill: &'a [BillRow], ours: &[Line<'_>]) -> Result<Vec<Line<'a>>> {
    let by_project = bill.iter().any(|row| row.project.is_some());
    let mut lines = Vec::new();
    let mut calls: u128 = 0;
    for (i, row) in bill.iter().enumerate() {
        calls += row.calls.map_or(0, |calls| u128::from(calls.0));
        if calls > u128::from(COUNT_MAX) {
            return fail(Code::CountTooLarge, format!("request.bill[{i}].calls"));
        }
        let cycle = catalog.settlement.cycle(catalog.utc_offset, row.start);
        let end = row.end.unwrap_or(cycle.end);
        if end <= row.start {
            return fail(Code::PeriodReversed, format!("request.bill[{i}].end"));
        }
        let start = if row.end.is_none() { cycle.start } else { row.start };
        lines.push(Line {
            period: Period { start, end },
            kind: LineKind::PayPerUse,
            api: row.api.as_deref(),
            region: row.region.as_deref(),
            project: by_project.then_some(row.project.as_deref()),
            calls: row.calls.map(|calls| calls.0),
            amount: Some(row.amount),
            uncut: Some(row.amount),
            ours: None,
            row: Some(i),
            purchase: None,
        });
    }
    name_purchases(catalog, bill, ours, &mut lines)?;
    lines.retain(|line| line.purchase.is_some() || !line.row.is_some_and(|i| bill[i].foreign));
    Ok(lines)
}

/// Says of the lines of a bill which of them are purchases: each is that of its second and amount; else of its amount on the day or in
/// the span that it states; else, where the bill calls it a purchase, of its amount in its settlement cycle. Those with known names are asked first.
fn name_purchases(catalog: &Catalog, bill: &[BillRow], ours: &[Line<'_>], lines: &mut [Line<'_>]) -> Result<()> {
    // A bill that states days only has midnights; so has a line that is called a purchase and states its day.
    let midnight = |row: &BillRow| catalog.utc_offset.is_midnight(row.start);
    let days_only = bill.iter().all(midnight);
    let length = |row: &BillRow| if midnight(row) && (days_only || row.kind.is_some()) { DAY } else { 1 };
    let stated = |row: &BillRow| Period { start: row.start, end: row.end.unwrap_or(Instant(row.start.0 + length(row))) };
    let mut order: Vec<usize> = (0..bill.len()).filter(|&i| bill[i].kind != Some(BillKind::PayPerUse)).collect();
    sort_by_key(&mut order, |&i| (bill[i].foreign, bill[i].kind.is_none()));
    for &i in order.iter().filter(|&&i| bill[i].kind.is_some()) {
        (lines[i].kind, lines[i].period) = (LineKind::Package, stated(&bill[i]));
    }
    let bought: Vec<usize> = (0..ours.len()).filter(|&j| ours[j].kind == LineKind::Package).collect();
    let (mut taken, mut pairs) = (vec![false; ours.len()], 0);
    for pass in 0..3 {
        for &i in &order {
            let row = &bill[i];
            // A span of time without a word of a purchase is one of calls.
            let asked_for = pass == 0 || row.kind.is_some() || (pass == 1 && row.end.is_none());
            if lines[i].purchase.is_some() || !asked_for || (pass == 2 && row.foreign) {
                continue;
            }
            let second = Period { start: row.start, end: Instant(row.start.0 + 1) };
            let span = [second, stated(row), catalog.settlement.cycle(catalog.utc_offset, row.start)][pass];
            let asked = Line { kind: LineKind::Package, ..lines[i].clone() };
            let from = bought.partition_point(|&j| ours[j].period.start < span.start);
            let near = bought[from..].iter().copied().take_while(|&j| ours[j].period.start < span.end).inspect(|_| pairs += 1);
            let mut alike = near.filter(|&j| !taken[j] && ours[j].amount == asked.amount && ours[j].like(&asked));
            if let Some(j) = alike.next() {
                taken[j] = true;
                (lines[i].kind, lines[i].purchase) = (LineKind::Package, Some(j));
            }
            if pairs > PAIRS_MAX {
                return fail(Code::AnswerTooLarge, "request.bill");
            }
        }
    }
    Ok(())
}

impl Line<'_> {
    /// Whether lines are of one product, as far as both say.
    fn like(&self, other: &Line<'_>) -> bool {
        let same = |one: Option<&str>, other: Option<&str>| one.is_none() || other.is_none() || one == other;
        let project = self.project.is_none() || other.project.is_none() || self.project == other.project;
        self.kind == other.kind && same(self.api, other.api) && same(self.region, other.region) && project
    }
}

/// Lines that belong together, added up.
struct Group<'a> {
    /// What they have in common.
    line: Line<'a>,
    /// How many on the side that has more.
    many: u64,
    /// `None`: not known, or there is no line of ours.
    our_calls: Option<u64>,
    ours: Option<Amount>,
    /// Ours before the bill's cut.
    uncut: Option<Amount>,
    theirs: Option<Amount>,
    has_ours: bool,
    /// Theirs less ours; a line that is not there counts as zero.
    difference: Option<Amount>,
}

/// Ours first, then theirs; each linked to those that it belongs to.
fn groups<'a>(catalog: &Catalog, ours: &[Line<'a>], theirs: &[Line<'a>]) -> Result<Vec<Group<'a>>> {
    let mut of: Vec<usize> = (0..ours.len() + theirs.len()).collect();
    let mut pairs = 0;
    let mut known = vec![false; ours.len()];
    for (i, row) in theirs.iter().enumerate() {
        if let Some(j) = row.purchase {
            (of[ours.len() + i], known[j]) = (j, true);
        }
    }
    for (i, row) in theirs.iter().enumerate().filter(|(_, row)| row.purchase.is_none()) {
        // Ours come in the order of their starts, and no cycle is longer than the one that contains this start.
        let earliest = catalog.settlement.cycle(catalog.utc_offset, row.period.start).start;
        let from = ours.partition_point(|line| line.period.start < earliest);
        for (j, line) in ours.iter().enumerate().skip(from).take_while(|(_, line)| line.period.start < row.period.end) {
            pairs += 1;
            if !known[j] && line.period.end > row.period.start && line.like(row) {
                let (a, b) = (root(&mut of, j), root(&mut of, ours.len() + i));
                of[a.max(b)] = a.min(b);
            }
        }
        if pairs > PAIRS_MAX {
            return fail(Code::AnswerTooLarge, "request.bill");
        }
    }
    let mut members: Vec<(usize, &Line<'a>)> = Vec::new();
    for (i, line) in ours.iter().chain(theirs).enumerate() {
        members.push((root(&mut of, i), line));
    }
    sort_by_key(&mut members, |(root, _)| *root);
    let mut groups = Vec::new();
    for together in members.chunk_by(|a, b| a.0 == b.0) {
        groups.push(added(together)?);
    }
    sort_by(&mut groups, |a, b| {
        let key = |group: &Group<'a>| (group.line.period.start, group.line.kind, group.line.api, group.line.region, group.line.project);
        key(a).cmp(&key(b))
    });
    Ok(groups)
}

fn root(of: &mut [usize], mut i: usize) -> usize {
    while of[i] != i {
        of[i] = of[of[i]];
        i = of[i];
    }
    i
}

fn added<'a>(together: &[(usize, &Line<'a>)]) -> Result<Group<'a>> {
    let mut line = together[0].1.clone();
    let side = |ours: bool| together.iter().map(|(_, line)| *line).filter(move |line| line.ours.is_some() == ours);
    // When a package was paid, we know better than a bill that states a day.
    let dated = |other: &Line<'_>| line.kind == LineKind::PayPerUse || line.ours.is_none() || other.ours.is_some();
    line.period =
        together.iter().map(|(_, other)| *other).filter(|other| dated(other)).map(|other| other.period).fold(line.period, Period::hull);
    // What the lines do not agree upon is left open; a line that says nothing does not disagree.
    line.api = common(together.iter().map(|(_, line)| line.api));
    line.region = common(together.iter().map(|(_, line)| line.region));
    line.project = common(together.iter().map(|(_, line)| line.project));
    let amount = |ours: bool| side(ours).next().map(|_| sum(side(ours).map(|line| line.amount))).transpose();
    let calls = |ours: bool| side(ours).next().and_then(|_| side(ours).map(|line| line.calls).sum::<Option<u64>>());
    let (ours, theirs, has_ours) = (amount(true)?.flatten(), amount(false)?.flatten(), side(true).next().is_some());
    let zero = Some(Amount::ZERO);
    let difference = theirs.or(zero).zip(if has_ours { ours } else { zero });
    line.calls = calls(false);
    Ok(Group {
        line,
        many: side(true).count().max(side(false).count()) as u64,
        our_calls: calls(true),
        ours,
        uncut: sum(side(true).map(|line| line.uncut))?,
        theirs,
        has_ours,
        difference: difference.map(|(theirs, ours)| theirs.minus(ours)).transpose()?,
    })
}

/// What all that say something say.
fn common<T: PartialEq + Copy>(said: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut said = said.flatten();
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

impl Group<'_> {
    fn state(&self) -> ReconciledState {
        match (self.has_ours, self.theirs) {
            _ if self.difference == Some(Amount::ZERO) => ReconciledState::Matched,
            (true, Some(_)) => ReconciledState::Differs,
            (true, None) => ReconciledState::Extra,
            (false, _) => ReconciledState::Missing,
        }
    }

    /// Their calls less ours, where both are known.
    fn more_calls(&self) -> Option<i128> {
        let ours = if self.has_ours { self.our_calls? } else { 0 };
        let theirs = if self.theirs.is_some() { self.line.calls? } else { 0 };
        Some(i128::from(theirs) - i128::from(ours))
    }

    /// Whether what is too much in one of them is too little in the other, give or take what the cut drops.
    fn makes_up_for(&self, other: &Group<'_>, unit: Amount) -> Result<bool> {
        if let Some((calls, others)) = self.more_calls().zip(other.more_calls()) {
            return Ok(calls != 0 && calls + others == 0);
        }
        let Some((one, other_one)) = self.difference.zip(other.difference) else { return Ok(false) };
        let opposite = (one > Amount::ZERO && other_one < Amount::ZERO) || (one < Amount::ZERO && other_one > Amount::ZERO);
        Ok(opposite && size(one.plus(other_one)?)? < unit.times(self.many + other.many)?)
    }
}

fn reconciled(catalog: &Catalog, groups: &[Group<'_>], i: usize, group: &Group<'_>, pairs: &mut usize) -> Result<ReconciledLine> {
    let line = &group.line;
    let state = group.state();
    let show = |at| catalog.utc_offset.show(at);
    Ok(ReconciledLine {
        kind: line.kind,
        cycle: Span { start: show(line.period.start), end: show(line.period.end) },
        api: line.api.map(str::to_string),
        region: line.region.map(str::to_string),
        project: line.project.flatten().map(str::to_string),
        our_calls: group.our_calls,
        their_calls: line.calls,
        ours: group.ours,
        theirs: group.theirs,
        difference: group.difference,
        state,
        reason: if state == ReconciledState::Matched { None } else { reason(catalog, groups, i, group, pairs)? },
    })
}

fn reason(catalog: &Catalog, groups: &[Group<'_>], i: usize, group: &Group<'_>, pairs: &mut usize) -> Result<Option<ReconciledReason>> {
    let (line, differs) = (&group.line, group.state() == ReconciledState::Differs);
    let Some(difference) = group.difference.map(size).transpose()? else { return Ok(differs.then_some(ReconciledReason::Price)) };
    let unit = catalog.rounding.bill.places.unit();
    let tolerance = unit.times(group.many)?;
    let before_cut = group.theirs.zip(group.uncut).map(|(theirs, ours)| theirs.minus(ours)).transpose()?;
    let rounded = difference < tolerance || before_cut.map(size).transpose()?.is_some_and(|it| it < tolerance);
    if differs && rounded && group.more_calls().is_none_or(|calls| calls == 0) {
        return Ok(Some(ReconciledReason::Rounding));
    }
    // Other lines of the cycles before, at and after this one.
    let before = catalog.settlement.cycle(catalog.utc_offset, Instant(line.period.start.0 - 1)).start;
    let from = groups.partition_point(|other| other.line.period.start < before);
    let near = groups.iter().enumerate().skip(from).take_while(|(_, other)| other.line.period.start <= line.period.end);
    let (mut neighbour, mut elsewhere) = (false, false);
    for (_, other) in near.inspect(|_| *pairs += 1).filter(|(j, other)| *j != i && other.state() != ReconciledState::Matched) {
        let (one, two) = (line.period, other.line.period);
        let beside = one.end == two.start || two.end == one.start;
        let anywhere = Line { region: None, ..line.clone() };
        neighbour |= beside && other.line.like(line) && group.makes_up_for(other, unit)?;
        elsewhere |= one == two && other.line.like(&anywhere) && other.line.region != line.region && group.makes_up_for(other, unit)?;
    }
    if *pairs > PAIRS_MAX {
        return fail(Code::AnswerTooLarge, "request.bill");
    }
    if neighbour || elsewhere {
        return Ok(Some(if neighbour { ReconciledReason::HourBoundary } else { ReconciledReason::Region }));
    }
    let prices = prices(catalog, line);
    if in_free_quota(catalog, group, difference, &prices, tolerance)? {
        return Ok(Some(ReconciledReason::FreeQuota));
    }
    if !differs {
        return Ok(None);
    }
    let more = match group.more_calls() {
        Some(calls) => calls != 0,
        None => line.kind == LineKind::PayPerUse && number_of_calls(difference, &prices, tolerance)?.is_some(),
    };
    Ok(Some(if more { ReconciledReason::Calls } else { ReconciledReason::Price }))
}

/// Unit prices that may stand behind a difference: those of our slices, and those of the catalog.
fn prices(catalog: &Catalog, line: &Line<'_>) -> Vec<(Amount, u64)> {
    let slices = line.ours.iter().flat_map(|line| &line.slices).filter_map(|slice| Some((slice.unit_price?, slice.per.unwrap_or(1))));
    let claims = line.api.zip(line.region).map(|(api, region)| move |row: &&Ladder| row.claims(api, region, line.period.start));
    let rows = catalog.ladders.iter().filter(|row| claims.as_ref().is_some_and(|claims| claims(row)));
    let listed = rows.flat_map(|row| row.steps.iter().filter_map(|step| Some((step.unit_price?, row.per.map_or(1, |per| per.0)))));
    slices.chain(listed).collect()
}

/// The calls that cost so much, if one of the prices gives a whole number of them.
fn number_of_calls(amount: Amount, prices: &[(Amount, u64)], tolerance: Amount) -> Result<Option<u64>> {
    for (price, per) in prices {
        let each = price.times_per(1, *per)?;
        // Below that any amount would be a number of calls.
        if each > tolerance {
            let most = amount.reached_by(each);
            for calls in [most, most.saturating_sub(1)] {
                if calls > 0 && size(each.times(calls)?.minus(amount)?)? < tolerance {
                    return Ok(Some(calls));
                }
            }
        }
    }
    Ok(None)
}

/// Whether a difference is what the calls of a free quota cost: all of it, or, where only one side charges anything, a part of it.
fn in_free_quota(catalog: &Catalog, group: &Group<'_>, difference: Amount, prices: &[(Amount, u64)], tolerance: Amount) -> Result<bool> {
    let api = group.line.api.and_then(|api| catalog.api(api)).filter(|_| group.line.kind == LineKind::PayPerUse);
    let Some(free) = api.and_then(|api| catalog.apis[api].free.as_ref()) else { return Ok(false) };
    if !group.line.region.is_none_or(|region| among(&free.regions, region)) {
        return Ok(false);
    }
    let calls = match group.more_calls() {
        Some(calls) => u64::try_from(calls.unsigned_abs()).unwrap_or(u64::MAX),
        None => number_of_calls(difference, prices, tolerance)?.unwrap_or(0),
    };
    let fits = if group.state() == ReconciledState::Differs { calls == free.calls.0 } else { (1..=free.calls.0).contains(&calls) };
    for (price, per) in prices.iter().filter(|_| fits) {
        if size(price.times_per(calls, *per)?.minus(difference)?)? < tolerance {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An amount without its sign.
fn size(amount: Amount) -> Result<Amount> {
    if amount < Amount::ZERO { Amount::ZERO.minus(amount) } else { Ok(amount) }
}
