//! A request whose every name was looked up: what the engine computes with.
//!
//! Owns the checks that need request and catalog together. After this, nothing can be unknown, unsold or out of order.

use crate::access::{Access, Opener, Refusal, Stop, SwitchOff};
use crate::catalog::{Api, Catalog, FreeEvery, Ladder, OnChange, Package, Reset, among};
use crate::count::COUNT_MAX;
use crate::error::{Code, PricingError, Result, fail};
use crate::grant::{Grant, Source, compare};
use crate::purchase::{free_quotas, known, purchases};
use crate::request::{OpeningLadder, OpeningRow, Request, SubscriptionRow, UsageKind, UsageRow};
use crate::rulebook::{ClassKind, Settlement, SuccessBy, Windows};
use crate::sort::{sort_by, sort_by_key};
use crate::tariff::Shape;
use crate::time::{DAY, HOUR, Instant, Period};
use crate::usage::{Item, Stream, Success};
use crate::value::{Value, read};
use std::rc::Rc;

/// Streams × (grants + subscriptions) × (grants + subscriptions + other bounds), at most: each is looked at wherever one starts or ends.
const WORK_MAX: u64 = 2_000_000_000;

/// Cycles × rows of usage, and cycles × streams, in one request, at most: some two seconds of work.
const ROW_CYCLES_MAX: i64 = 60_000_000;
const STREAM_CYCLES_MAX: i64 = 3_000_000;
/// Months × rows of usage in a comparison, at most: it is worked out at more than a thousand volumes.
const COMPARED_MONTHS_MAX: i64 = 1_200;
/// Seconds of the shortest month.
const MONTH_LEAST: i64 = 28 * DAY;

/// A request, looked up and checked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The prices and rules.
    pub catalog: Rc<Catalog>,
    /// Points that one call of each API takes.
    pub points: Vec<u64>,
    /// Pay-per-use prices that a person entered; they go before the catalog's.
    pub entered: Rc<Vec<Ladder>>,
    /// The first version of the price of each ladder row: the catalog's rows, then the entered ones.
    chains: Rc<Vec<LadderIndex>>,
    /// Packages that a person entered.
    pub entered_packages: Rc<Vec<Package>>,
    /// All grants: purchases in the order of purchase, then free quotas.
    pub grants: Vec<Grant>,
    /// The grants in draw-down order.
    pub drawn: Vec<usize>,
    /// All usage, in the order in which requests of one instant are taken.
    pub streams: Vec<Stream>,
    /// Whether calls that no grant covers are charged.
    pub pay_per_use: bool,
    /// Whether the catalog has a switch for that, and the request does not say how it stands (P8).
    pub switch_assumed: bool,
    /// What is open; `None`: everything.
    pub access: Option<Rc<Access>>,
    /// Where prices, subscriptions or hours change, and where the answer starts and ends; earlier ones first.
    pub bounds: Rc<Vec<Instant>>,
    /// What the answer holds.
    pub period: Period,
    /// What was used up before.
    pub opening: Option<OpeningRow>,
    /// When calls are refused because of arrears.
    pub stops: Vec<Stop>,
    /// Whether subscriptions were given, although the catalog has no pay-per-use.
    pub subscriptions_ignored: bool,
    /// Whether anything was renewed.
    pub renewed: bool,
    /// Whether an end was moved to a chosen day of the month.
    pub unified: bool,
    /// Profiles of which the request chose another reading than the first.
    pub readings: Vec<String>,
}

/// A ladder row: the person's, or the catalog's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LadderIndex(pub usize);

impl Question {
    /// Reads and checks a request.
    pub fn read(request: &Value) -> Result<(Question, Request)> {
        let (request, catalog) = Question::sound(request)?;
        let streams = streams(&catalog, &request.usage)?;
        Ok((Question::of(&request, catalog, streams)?, request))
    }

    /// A request and its catalog, each sound by itself.
    pub fn sound(request: &Value) -> Result<(Request, Rc<Catalog>)> {
        let request = read::<Request>(request).map_err(|error| of_catalog(error.inside("request")))?;
        let catalog = Catalog::choose(&request.catalog, &request.profile)?;
        crate::lint::sound(&catalog)?;
        crate::lint::sound_rows(&catalog, &request.entered.ladders, &request.entered.packages, "request.entered")?;
        Ok((request, Rc::new(catalog)))
    }

    /// The question that a request asks of these calls, whatever its own usage says. The catalog is sound.
    pub fn of(request: &Request, catalog: Rc<Catalog>, streams: Vec<Stream>) -> Result<Question> {
        let question = Question::about(request, catalog, &streams)?;
        Ok(Question { streams, ..question })
    }

    /// The same, the calls left out: they are many, and who keeps them can ask again.
    pub(crate) fn about(request: &Request, catalog: Rc<Catalog>, streams: &[Stream]) -> Result<Question> {
        Question::stopped(request, catalog, streams, Vec::new())
    }

    /// The same, with times in which calls are refused because of arrears.
    pub(crate) fn stopped(request: &Request, catalog: Rc<Catalog>, streams: &[Stream], stops: Vec<Stop>) -> Result<Question> {
        if request.pay_per_use.is_some() && !catalog.pay_per_use_switch {
            return fail(Code::NoPayPerUseSwitch, "request.payPerUse");
        }
        let mut grants = purchases(&catalog, request)?;
        grants.extend(free_quotas(&catalog));
        let period = period(&catalog, request, &grants, streams, |grant| grant.term.end)?;
        let mut bounds = bounds(&catalog, request, &grants, streams, period);
        if cfg!(feature = "whole") && !stops.is_empty() {
            bounds.extend(stops.iter().flat_map(|stop| [Some(stop.period.start), Some(stop.period.end), stop.ended]).flatten());
            sort_by_key(&mut bounds, |&bound| bound);
            bounds.dedup();
        }
        let rows = grants.len() + request.subscriptions.as_ref().map_or(0, Vec::len);
        if streams.len() as u64 * rows as u64 * (rows + bounds.len()) as u64 > WORK_MAX {
            return fail(Code::AnswerTooLarge, "request.grants");
        }
        for grant in grants.iter_mut().filter(|grant| grant.purchase().is_some()) {
            let (first, last) = (grant.serving.start, Instant(grant.serving.end.0 - 1));
            grant.serving = Period { start: window(&catalog, &bounds, first).start, end: window(&catalog, &bounds, last).end };
        }
        let mut drawn: Vec<usize> = (0..grants.len()).collect();
        sort_by(&mut drawn, |&a, &b| compare(&grants, &catalog.order, a, b).0);
        let access = access(&catalog, request.subscriptions.as_deref(), &grants, &bounds, streams)?;
        let chains = chains(&catalog, &request.entered.ladders);
        check_opening(&catalog, request, &grants, &chains, streams)?;
        Ok(Question {
            points: catalog.apis.iter().map(|api| api.points.map_or(1, |points| points.0)).collect(),
            chains: Rc::new(chains),
            entered: Rc::new(request.entered.ladders.clone()),
            entered_packages: Rc::new(request.entered.packages.clone()),
            drawn,
            streams: Vec::new(),
            pay_per_use: catalog.pay_per_use && request.pay_per_use != Some(false),
            switch_assumed: catalog.pay_per_use_switch && request.pay_per_use.is_none(),
            access,
            bounds: Rc::new(bounds),
            period,
            opening: request.opening.clone(),
            stops,
            subscriptions_ignored: !catalog.pay_per_use && request.subscriptions.is_some(),
            readings: catalog.other_readings(&request.profile),
            unified: request.grants.iter().flat_map(|row| &row.renewals).any(|renewal| renewal.expiry_day.is_some()),
            renewed: grants.iter().any(|grant| grant.purchase().is_some_and(|purchase| purchase.renewal > 0)),
            grants,
            catalog,
        })
    }

    /// A ladder row by its index: the catalog's first, then the entered ones.
    pub fn ladder(&self, index: LadderIndex) -> &Ladder {
        let listed = &self.catalog.ladders;
        listed.get(index.0).unwrap_or_else(|| &self.entered[index.0 - listed.len()])
    }

    /// The first version of a row's price. Its versions share one count (P4).
    pub fn chain(&self, index: LadderIndex) -> LadderIndex {
        self.chains[index.0]
    }

    /// Whether a person entered the row.
    pub fn is_entered(&self, index: LadderIndex) -> bool {
        index.0 >= self.catalog.ladders.len()
    }

    /// All packages on sale, and whether a person entered them.
    pub fn packages(&self) -> impl Iterator<Item = (bool, &Package)> {
        let listed = self.catalog.packages.iter().filter(|listed| self.entered_packages.iter().all(|entered| entered.id != listed.id));
        self.entered_packages.iter().map(|row| (true, row)).chain(listed.map(|row| (false, row)))
    }

    /// All ladder rows, in the order in which they are asked: entered ones first.
    pub fn ladders(&self) -> impl Iterator<Item = (LadderIndex, &Ladder)> {
        let listed = self.catalog.ladders.len();
        let entered = self.entered.iter().enumerate().map(move |(i, row)| (LadderIndex(listed + i), row));
        entered.chain(self.catalog.ladders.iter().enumerate().map(|(i, row)| (LadderIndex(i), row)))
    }

    /// The row that prices a call (T9): the one in force at the start of an unbroken subscription, where that row is kept;
    /// else the one in force at the call.
    pub fn price_version(&self, api: usize, region: usize, at: Instant, subscribed_since: Option<Instant>) -> Option<LadderIndex> {
        let (api, region) = (&self.catalog.apis[api].id, &self.catalog.regions[region].id);
        let in_force = |at| self.ladders().find(move |(_, row)| row.claims(api, region, at));
        let kept = subscribed_since.and_then(in_force).filter(|(_, row)| row.on_change == OnChange::Keep);
        kept.or_else(|| in_force(at)).map(|(index, _)| index)
    }

    /// Whether some price row is kept by running pay-per-use when it ends.
    pub fn keeps_prices(&self) -> bool {
        self.ladders().any(|(_, row)| row.on_change == OnChange::Keep)
    }

    /// Whether a price of an API that is called changes within the period while its calls are counted on: not on the first of a month,
    /// unless its ladder never starts again.
    pub fn shares_a_count(&self) -> bool {
        let zone = self.catalog.utc_offset;
        self.ladders().any(|(index, row)| {
            let changes = row.from.is_some_and(|from| {
                self.period.contains(from) && (row.reset == Reset::Never || from != zone.month_start(zone.month(from)))
            });
            let has_steps = |(other, row): (LadderIndex, &Ladder)| self.chain(other) == self.chain(index) && row.shape != Shape::Flat;
            let called = |stream: &Stream| row.apis.contains(&self.catalog.apis[stream.api].id);
            changes && self.chain(index) != index && self.ladders().any(has_steps) && self.streams.iter().any(called)
        })
    }

    /// The first API that shares this API's free quota.
    pub fn free_quota_name(&self, grant: &Grant) -> &str {
        &self.catalog.apis[grant.apis[0]].id
    }

    /// The seconds whose calls all stand at the first of them: one second, or more where windows overlap (K7).
    pub fn window(&self, at: Instant) -> Period {
        window(&self.catalog, &self.bounds, at)
    }

    /// Why a call is refused because of arrears, and whether even one that a grant covers.
    pub fn stop(&self, stream: &Stream, at: Instant) -> Option<(Refusal, bool)> {
        if !self.has_stops() {
            return None;
        }
        let here = self.stops.iter().filter(|stop| stop.period.contains(at));
        let holds = here.filter(|stop| stop.refusal != Refusal::Released || stop.all || !self.reopened(stop, stream, at));
        // What refuses every call goes first; then a release, because there is nothing left to freeze.
        holds.map(|stop| (stop.all, stop.refusal)).max().map(|(all, refusal)| (refusal, all))
    }

    /// Whether calls are ever refused because of arrears; the small module knows no accounts.
    pub fn has_stops(&self) -> bool {
        cfg!(feature = "whole") && !self.stops.is_empty()
    }

    /// Whether something opened an API again after a release, and the arrears were over by then.
    fn reopened(&self, stop: &Stop, stream: &Stream, at: Instant) -> bool {
        let Some(ended) = stop.ended.filter(|&ended| ended <= at) else { return false };
        let since = stop.period.start;
        let opens = |from: Instant| since <= from && from.max(ended) <= at;
        match &self.access {
            Some(access) => access.openers.iter().any(|opener| {
                let for_caller = opener.user.is_none() || stream.user.is_none() || opener.user == stream.user;
                let here = (opener.api, opener.region) == (stream.api, stream.region) && for_caller && opens(opener.from);
                // What was switched off by then opens nothing.
                here && opener.from.max(ended) < access.switched_off(opener, stream.user.as_deref())
            }),
            None => self.grants.iter().any(|grant| {
                let here = grant.purchase().is_some() && grant.serves(stream.api, stream.region);
                here && opens(self.window(grant.created).start)
            }),
        }
    }

    /// Requests of the whole usage.
    pub fn volume(&self) -> u64 {
        self.streams.iter().flat_map(|stream| &stream.items).map(|item| item.requests).sum()
    }

    /// The same question without the purchases of class kind "package". What they open stays open.
    pub fn without_packages(&self) -> Question {
        self.keeping(|grant| grant.kind != ClassKind::Package)
    }

    /// The same question without the free quotas of what is never called: they pay nothing and take time.
    pub(crate) fn without_idle_quotas(&self) -> Question {
        let called = |grant: &Grant| self.streams.iter().any(|stream| grant.serves(stream.api, stream.region));
        self.keeping(|grant| grant.purchase().is_some() || called(grant))
    }

    /// The same question with some of the grants only. What the others open stays open.
    fn keeping(&self, keep: impl Fn(&Grant) -> bool) -> Question {
        let mut question = self.clone();
        question.grants.retain(keep);
        question.drawn = (0..question.grants.len()).collect();
        let (grants, order) = (&question.grants, &question.catalog.order);
        sort_by(&mut question.drawn, |&a, &b| compare(grants, order, a, b).0);
        if let Some(opening) = &mut question.opening {
            opening.grants.retain(|used| question.grants.iter().any(|grant| grant.id == used.id));
        }
        question
    }
}

/// The catalog is a document of its own: its places start with `catalog`.
fn of_catalog(error: PricingError) -> PricingError {
    match error.place().strip_prefix("request.catalog").filter(|rest| rest.is_empty() || rest.starts_with(['.', '['])) {
        Some(rest) => PricingError::new(error.code(), format!("catalog{rest}")),
        None => error,
    }
}

/// Whether some call of this API succeeded there: then it is sold there, whatever the catalog lists. A failed one proves nothing.
pub(crate) fn called(streams: &[Stream], api: usize, region: usize) -> bool {
    streams.iter().any(|stream| (stream.api, stream.region) == (api, region) && stream.succeeds())
}

/// Usage by stream, in the order in which requests of one instant are taken.
pub(crate) fn streams(catalog: &Catalog, usage: &[UsageRow]) -> Result<Vec<Stream>> {
    type Key<'a> = (usize, usize, &'a Option<String>, &'a Option<String>);
    let mut items: Vec<(Key<'_>, Item)> = Vec::new();
    let mut calls: u128 = 0;
    let mut row_cycles = 0;
    for (i, row) in usage.iter().enumerate() {
        let place = format!("request.usage[{i}]");
        let region = known(catalog.region(&row.region), Code::UnknownRegion, format!("{place}.region"))?;
        let api = known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        if !among(&catalog.apis[api].regions, &row.region) {
            return fail(Code::ApiNotOffered, format!("{place}.region"));
        }
        let row_items = row_items(catalog, &catalog.apis[api], row, &place)?;
        row_cycles += row_items.iter().map(|item| item_cycles(catalog, item)).sum::<i64>();
        if row_cycles > ROW_CYCLES_MAX {
            return fail(Code::AnswerTooLarge, place);
        }
        for item in &row_items {
            calls += u128::from(item.requests) * u128::from(item.calls_per_request.max(1));
        }
        if calls > u128::from(COUNT_MAX) {
            return fail(Code::CountTooLarge, format!("{place}.{}", if row.kind == UsageKind::Months { "monthly" } else { "calls" }));
        }
        let stream = (api, region, &row.project, &row.user);
        items.extend(row_items.into_iter().map(|item| (stream, item)));
    }
    sort_by(&mut items, |(a, x), (b, y)| (a, x.period.start, x.period.end).cmp(&(b, y.period.start, y.period.end)));
    let mut streams: Vec<Stream> = Vec::new();
    for ((api, region, project, user), item) in items {
        let group = match streams.last_mut() {
            Some(last) if (last.api, last.region, &last.project, &last.user) == (api, region, project, user) => {
                last.items.push(item);
                continue;
            }
            Some(last) if (last.api, last.region, &last.project) == (api, region, project) => last.group,
            Some(last) => last.group + 1,
            None => 0,
        };
        streams.push(Stream { api, region, project: project.clone(), user: user.clone(), items: vec![item], group });
    }
    // A stream is looked at once in a cycle, however many of its rows make calls in it.
    let busy = |stream: &Stream| {
        let whole = stream.items.iter().map(|item| item.period).reduce(Period::hull).map_or(0, |hull| cycles(catalog, hull));
        whole.min(stream.items.iter().map(|item| item_cycles(catalog, item)).sum())
    };
    if streams.iter().map(busy).sum::<i64>() > STREAM_CYCLES_MAX {
        return fail(Code::AnswerTooLarge, "request.usage");
    }
    Ok(streams)
}

/// Cycles in a period, about.
fn cycles(catalog: &Catalog, period: Period) -> i64 {
    let shortest = if catalog.settlement == Settlement::Hour { HOUR } else { MONTH_LEAST };
    (period.end.0 - period.start.0) / shortest + 1
}

/// Cycles in which a row may make calls.
fn item_cycles(catalog: &Catalog, item: &Item) -> i64 {
    cycles(catalog, item.period).min(i64::try_from(item.requests).unwrap_or(i64::MAX))
}

/// Fails on usage of more months than a comparison can work out at all its volumes: `answer_too_large` at the row that is one too many.
pub(crate) fn comparable(usage: &[UsageRow]) -> Result<()> {
    let mut months = 0;
    for (i, row) in usage.iter().enumerate() {
        let window = row.start.zip(row.end).map_or(1, |(start, end)| (end.0 - start.0) / MONTH_LEAST + 1);
        months += row.monthly.as_ref().map_or(window, |monthly| monthly.len() as i64);
        if months > COMPARED_MONTHS_MAX {
            return fail(Code::AnswerTooLarge, format!("request.usage[{i}]"));
        }
    }
    Ok(())
}

fn row_items(catalog: &Catalog, api: &Api, row: &UsageRow, place: &str) -> Result<Vec<Item>> {
    let (at, window, months) = (row.kind == UsageKind::At, row.kind == UsageKind::Window, row.kind == UsageKind::Months);
    let fields = [
        ("at", at, row.at.is_some()),
        ("start", window, row.start.is_some()),
        ("end", window, row.end.is_some()),
        ("from", months, row.from.is_some()),
        ("calls", at || window, row.calls.is_some()),
        ("monthly", months, row.monthly.is_some()),
        ("succeed", row.succeed.is_some() && !at, row.succeed.is_some()),
    ];
    for (name, wanted, given) in fields {
        if wanted != given {
            return fail(if wanted { Code::MissingField } else { Code::UnknownField }, format!("{place}.{name}"));
        }
    }
    let status = row.status.map_or(200, |status| status.0);
    if !(100..600).contains(&status) {
        return fail(Code::InvalidValue, format!("{place}.status"));
    }
    let by_code = catalog.success.by == SuccessBy::ErrorCode;
    if row.error_code.is_some() && !by_code {
        return fail(Code::UnknownField, format!("{place}.errorCode"));
    }
    let counts = row.error_code.as_ref().is_none_or(|code| catalog.success.counts(code));
    let success = match row.succeed {
        _ if !(200..300).contains(&status) || !counts => Success::None,
        Some(share) => Success::Share(share),
        None => Success::All,
    };
    let calls_per_request = row.billable.or(api.calls_per_request).map_or(1, |calls| calls.0);
    let calls = row.calls.map_or(0, |calls| calls.0);
    let item = |period, requests| Item { period, requests, calls_per_request, success };
    let mut items = Vec::new();
    if let Some(at) = row.at {
        items.push(item(Period { start: at, end: Instant(at.0 + 1) }, calls));
    }
    if let Some((start, end)) = row.start.zip(row.end) {
        if end <= start {
            return fail(Code::PeriodReversed, format!("{place}.end"));
        }
        items.push(item(Period { start, end }, calls));
    }
    if let Some((mut month, monthly)) = row.from.zip(row.monthly.as_ref()) {
        if monthly.is_empty() || monthly.len() > 1_200 {
            return fail(if monthly.is_empty() { Code::MissingField } else { Code::AnswerTooLarge }, format!("{place}.monthly"));
        }
        for requests in monthly {
            items.push(item(catalog.utc_offset.month_period(month), requests.0));
            month = month.next();
        }
    }
    Ok(items)
}

fn access(
    catalog: &Catalog,
    subscriptions: Option<&[SubscriptionRow]>,
    grants: &[Grant],
    bounds: &[Instant],
    streams: &[Stream],
) -> Result<Option<Rc<Access>>> {
    let Some(subscriptions) = subscriptions else { return Ok(None) };
    let mut access = Access::default();
    for (i, row) in subscriptions.iter().enumerate() {
        let place = format!("request.subscriptions[{i}]");
        let region = known(catalog.region(&row.region), Code::UnknownRegion, format!("{place}.region"))?;
        let api = known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        // What a log shows to be called there could be opened there.
        if !among(&catalog.apis[api].regions, &row.region) && !called(streams, api, region) {
            return fail(Code::ApiNotOffered, format!("{place}.region"));
        }
        access.openers.push(Opener { api, region, user: row.user.clone(), from: row.from, subscription: true });
        if let Some(until) = row.until {
            if until <= row.from {
                return fail(Code::PeriodReversed, format!("{place}.until"));
            }
            access.switch_offs.push(SwitchOff { api, region, user: row.user.clone(), at: until });
        }
    }
    for grant in grants.iter().filter(|grant| grant.purchase().is_some()) {
        for (&api, &region) in grant.apis.iter().flat_map(|api| grant.regions.iter().flatten().map(move |region| (api, region))) {
            let from = window(catalog, bounds, grant.created).start;
            access.openers.push(Opener { api, region, user: None, from, subscription: false });
        }
    }
    Ok(catalog.pay_per_use.then(|| Rc::new(access)))
}

/// Where prices, subscriptions or hours change, and where the answer starts and ends; earlier ones first.
fn bounds(catalog: &Catalog, request: &Request, grants: &[Grant], streams: &[Stream], period: Period) -> Vec<Instant> {
    let mut bounds = vec![period.start, period.end];
    bounds.extend(request.opening.as_ref().map(|opening| opening.at));
    for ladder in catalog.ladders.iter().chain(&request.entered.ladders) {
        bounds.extend(ladder.from.into_iter().chain(ladder.until));
    }
    for row in request.subscriptions.iter().flatten().filter(|_| catalog.pay_per_use) {
        bounds.extend([row.from].into_iter().chain(row.until));
    }
    // Each hour of the day that limits a grant, on each day from before the first call or purchase to after the last.
    let calls = streams.iter().flat_map(|stream| &stream.items).map(|item| item.period);
    let bought = grants.iter().filter(|grant| grant.purchase().is_some());
    let bought = bought.map(|grant| Period { start: grant.created, end: grant.serving.start });
    if let Some(used) = calls.chain(bought).reduce(Period::hull) {
        let limits = |hour| grants.iter().any(|grant| grant.hours.is_some_and(|hours| hours.from.0 == hour || hours.to.0 == hour));
        for hour in (0..=24).filter(|&hour| limits(hour)) {
            let mut at = catalog.utc_offset.hour_before(used.start, hour);
            while at.0 < used.end.0 + DAY {
                bounds.push(at);
                at = Instant(at.0 + DAY);
            }
        }
    }
    sort_by_key(&mut bounds, |&bound| bound);
    bounds.dedup();
    bounds
}

/// The seconds whose calls all stand at the first of them.
fn window(catalog: &Catalog, bounds: &[Instant], at: Instant) -> Period {
    if catalog.windows == Windows::Inside {
        return Period { start: at, end: Instant(at.0 + 1) };
    }
    let mut window = catalog.settlement.cycle(catalog.utc_offset, at);
    let next = bounds.partition_point(|&bound| bound <= at);
    window.start = bounds[..next].last().map_or(window.start, |&bound| bound.max(window.start));
    window.end = bounds.get(next).map_or(window.end, |&bound| bound.min(window.end));
    window
}

/// What the answer to a log holds: the given period, or the months from its earliest call or purchase to its latest one. What a term has
/// left then has not expired.
pub(crate) fn period_of_log(catalog: &Catalog, request: &Request, streams: &[Stream]) -> Result<Period> {
    period(catalog, request, &purchases(catalog, request)?, streams, |grant| Instant(grant.created.0 + 1))
}

/// The given period, or the months from the earliest usage or purchase to the latest usage or end of a grant.
fn period(
    catalog: &Catalog,
    request: &Request,
    grants: &[Grant],
    streams: &[Stream],
    end_of: impl Fn(&Grant) -> Instant,
) -> Result<Period> {
    let zone = catalog.utc_offset;
    if let Some(row) = request.period {
        if row.end <= row.start {
            return fail(Code::PeriodReversed, "request.period.end");
        }
        if request.opening.as_ref().is_some_and(|opening| row.start < opening.at) {
            return fail(Code::PeriodBeforeOpening, "request.period.start");
        }
        return Ok(Period { start: row.start, end: row.end });
    }
    let bought = grants.iter().filter(|grant| grant.purchase().is_some());
    let items = streams.iter().flat_map(|stream| &stream.items);
    let starts = bought.clone().map(|grant| grant.created).chain(items.clone().map(|item| item.period.start));
    let ends = bought.map(end_of).chain(items.map(|item| item.period.end));
    let (Some(start), Some(end)) = (starts.min(), ends.max()) else { return fail(Code::NothingToEstimate, "request") };
    let start = zone.month_start(zone.month(start));
    let end = zone.month_period(zone.month(Instant(end.0 - 1))).end;
    let start = request.opening.as_ref().map_or(start, |opening| start.max(opening.at));
    if end <= start {
        return fail(Code::PeriodBeforeOpening, "request.opening.at");
    }
    Ok(Period { start, end })
}

/// The first version of the price of each row. A row follows another of its list that ends where it begins, for the same APIs in the
/// same regions, and starts again at the first step when that does.
fn chains(catalog: &Catalog, entered: &[Ladder]) -> Vec<LadderIndex> {
    let mut chains = Vec::new();
    for rows in [&catalog.ladders[..], entered] {
        let listed = chains.len();
        let follows = |row: &Ladder| rows.iter().position(|earlier| row.is_version_after(earlier, catalog));
        let before: Vec<Option<usize>> = rows.iter().map(follows).collect();
        for i in 0..rows.len() {
            let first = std::iter::successors(Some(i), |&later| before[later]).last();
            chains.push(LadderIndex(listed + first.unwrap_or(i)));
        }
    }
    chains
}

fn check_opening(catalog: &Catalog, request: &Request, grants: &[Grant], chains: &[LadderIndex], streams: &[Stream]) -> Result<()> {
    let Some(opening) = &request.opening else { return Ok(()) };
    for (i, row) in opening.grants.iter().enumerate() {
        let grant = grants.iter().find(|grant| grant.id == row.id && grant.purchase().is_some());
        let Some(grant) = grant else { return fail(Code::UnknownGrant, format!("request.opening.grants[{i}].id")) };
        if row.used.0 > grant.quota {
            return fail(Code::UsedAboveQuota, format!("request.opening.grants[{i}].used"));
        }
    }
    for (i, row) in opening.free.iter().enumerate() {
        let place = format!("request.opening.free[{i}]");
        let api = known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        let quota = grants.iter().find(|grant| matches!(grant.source, Source::Free(_)) && grant.apis[0] == api);
        let Some(quota) = quota else { return fail(Code::UnknownGrant, format!("{place}.api")) };
        let monthly = matches!(quota.source, Source::Free(FreeEvery::Month));
        if monthly != row.month.is_some() {
            return fail(if monthly { Code::MissingField } else { Code::UnknownField }, format!("{place}.month"));
        }
        if row.used.0 > quota.quota {
            return fail(Code::UsedAboveQuota, format!("{place}.used"));
        }
    }
    let asked = streams.iter().flat_map(|stream| &stream.items);
    let asked: u128 = asked.map(|item| u128::from(item.requests) * u128::from(item.calls_per_request.max(1))).sum();
    for (i, row) in opening.ladders.iter().enumerate() {
        let place = format!("request.opening.ladders[{i}]");
        known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        let chain = |row: &OpeningLadder| usize::try_from(row.ladder.0).ok().and_then(|ladder| chains.get(ladder));
        if asked + u128::from(row.calls.0) > u128::from(COUNT_MAX) {
            return fail(Code::CountTooLarge, format!("{place}.calls"));
        }
        let place = format!("{place}.ladder");
        let Some(of) = chain(row) else { return fail(Code::UnknownLadder, place) };
        if opening.ladders[..i].iter().any(|other| other.api == row.api && chain(other) == Some(of)) {
            return fail(Code::DuplicateId, place);
        }
    }
    Ok(())
}
