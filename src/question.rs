//! A request whose every name was looked up: what the engine computes with.
//!
//! Owns the checks that need request and catalog together. After this, nothing can be unknown, unsold or out of order.

use crate::access::{Access, Opener, SwitchOff};
use crate::catalog::{Api, Catalog, ClassKind, FreeEvery, Ladder, OnChange, Package, Unit, among};
use crate::count::COUNT_MAX;
use crate::error::{Code, PricingError, Result, fail};
use crate::grant::{Grant, Purchase, Source, compare};
use crate::request::{GrantRow, OpeningRow, Request, SubscriptionRow, UsageKind, UsageRow};
use crate::sort::sort_by;
use crate::time::{Instant, Period};
use crate::usage::{Item, Stream, Success};
use crate::value::{Value, read};
use std::rc::Rc;

/// Grants that one request may buy, copies and renewals counted.
const GRANTS_MAX: usize = 10_000;

/// Streams × (grants + subscriptions)², at most: each of them is looked at wherever one of them starts or ends.
const WORK_MAX: u64 = 2_000_000_000;

/// A request, looked up and checked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The prices and rules.
    pub catalog: Rc<Catalog>,
    /// Points that one call of each API takes.
    pub points: Vec<u64>,
    /// Pay-per-use prices that a person entered; they go before the catalog's.
    pub entered: Rc<Vec<Ladder>>,
    /// Packages that a person entered.
    pub entered_packages: Rc<Vec<Package>>,
    /// All grants: purchases in the order of purchase, then free quotas.
    pub grants: Vec<Grant>,
    /// The grants in draw-down order.
    pub drawn: Vec<usize>,
    /// All usage, in the order in which requests of one instant are taken.
    pub streams: Vec<Stream>,
    /// What is open; `None`: everything.
    pub access: Option<Rc<Access>>,
    /// What the answer holds.
    pub period: Period,
    /// What was used up before.
    pub opening: Option<OpeningRow>,
    /// Whether subscriptions were given, although the catalog has no pay-per-use.
    pub subscriptions_ignored: bool,
    /// Whether anything was renewed.
    pub renewed: bool,
}

/// A ladder row: the person's, or the catalog's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LadderIndex(pub usize);

impl Question {
    /// Reads and checks a request.
    pub fn read(request: &Value) -> Result<(Question, Request)> {
        let request = read::<Request>(request).map_err(|error| of_catalog(error.inside("request")))?;
        let catalog = Catalog::choose(&request.catalog, &request.profile)?;
        crate::lint::sound(&catalog)?;
        crate::lint::sound_rows(&catalog, &request.entered.ladders, &request.entered.packages, "request.entered")?;
        let mut grants = purchases(&catalog, &request)?;
        grants.extend(free_quotas(&catalog));
        let mut drawn: Vec<usize> = (0..grants.len()).collect();
        sort_by(&mut drawn, |&a, &b| compare(&grants, &catalog.order, a, b).0);
        let streams = streams(&catalog, &request.usage)?;
        let rows = (grants.len() + request.subscriptions.as_ref().map_or(0, Vec::len)) as u64;
        if streams.len() as u64 * rows * rows > WORK_MAX {
            return fail(Code::AnswerTooLarge, "request.grants");
        }
        let access = access(&catalog, request.subscriptions.as_deref(), &grants)?;
        let period = period(&catalog, &request, &grants, &streams)?;
        check_opening(&catalog, &request, &grants)?;
        let question = Question {
            points: catalog.apis.iter().map(|api| api.points.map_or(1, |points| points.0)).collect(),
            entered: Rc::new(request.entered.ladders.clone()),
            entered_packages: Rc::new(request.entered.packages.clone()),
            drawn,
            streams,
            access,
            period,
            opening: request.opening.clone(),
            subscriptions_ignored: !catalog.pay_per_use && request.subscriptions.is_some(),
            renewed: grants.iter().any(|grant| grant.purchase().is_some_and(|purchase| purchase.renewal > 0)),
            grants,
            catalog: Rc::new(catalog),
        };
        Ok((question, request))
    }

    /// A ladder row by its index: the catalog's first, then the entered ones.
    pub fn ladder(&self, index: LadderIndex) -> &Ladder {
        let listed = &self.catalog.ladders;
        listed.get(index.0).unwrap_or_else(|| &self.entered[index.0 - listed.len()])
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

    /// The first API that shares this API's free quota.
    pub fn free_quota_name(&self, grant: &Grant) -> &str {
        &self.catalog.apis[grant.apis[0]].id
    }

    /// Requests of the whole usage.
    pub fn volume(&self) -> u64 {
        self.streams.iter().flat_map(|stream| &stream.items).map(|item| item.requests).sum()
    }

    /// The same question without the purchases of class kind "package". What they open stays open.
    pub fn without_packages(&self) -> Question {
        let mut question = self.clone();
        question.grants.retain(|grant| grant.kind != ClassKind::Package);
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

fn known(index: Option<usize>, code: Code, place: impl Into<String>) -> Result<usize> {
    index.ok_or_else(|| PricingError::new(code, place))
}

/// Every term of every copy of every purchase, in the order of purchase.
fn purchases(catalog: &Catalog, request: &Request) -> Result<Vec<Grant>> {
    let mut grants: Vec<Grant> = Vec::new();
    for (i, row) in request.grants.iter().enumerate() {
        let place = format!("request.grants[{i}]");
        let id = row.id.clone().unwrap_or_else(|| format!("g{i}"));
        if grants.iter().any(|grant| grant.id == id) || (row.id.is_some() && id.contains(['#', '+'])) {
            return fail(Code::DuplicateId, format!("{place}.id"));
        }
        let (quota, copies) =
            (on_sale(catalog, request, row, row.created, &place)?.1.quota.0, row.quantity.map_or(1, |quantity| quantity.0));
        let mut used = row.used.map_or(0, |used| used.0);
        if u128::from(used) > u128::from(quota) * u128::from(copies) {
            return fail(Code::UsedAboveQuota, format!("{place}.used"));
        }
        if copies.saturating_mul(row.renewals.len() as u64 + 1).saturating_add(grants.len() as u64) > GRANTS_MAX as u64 {
            return fail(Code::AnswerTooLarge, format!("{place}.quantity"));
        }
        let terms = terms(catalog, request, row, i)?;
        for copy in 0..copies {
            for term in &terms {
                let mut grant = term.clone();
                let copy_name = if copy == 0 { String::new() } else { format!("#{}", copy + 1) };
                if let Source::Purchase(purchase) = &mut grant.source {
                    let term_name = if purchase.renewal == 0 { String::new() } else { format!("+{}", purchase.renewal) };
                    grant.id = format!("{id}{copy_name}{term_name}");
                    (purchase.copy, purchase.copies) = (copy, copies);
                    if purchase.renewal == 0 {
                        grant.used_before = used.min(grant.quota);
                        used -= grant.used_before;
                    }
                }
                grants.push(grant);
            }
        }
    }
    Ok(grants)
}

/// The first term of a purchase, then its renewals.
fn terms(catalog: &Catalog, request: &Request, row: &GrantRow, index: usize) -> Result<Vec<Grant>> {
    let place = format!("request.grants[{index}]");
    let zone = catalog.utc_offset;
    let region = known(catalog.region(&row.region), Code::UnknownRegion, format!("{place}.region"))?;
    if let Some(effective) = row.effective
        && !(catalog.start_choice && effective > row.created && zone.is_midnight(effective))
    {
        return fail(Code::InvalidEffective, format!("{place}.effective"));
    }
    let anchor = row.effective.unwrap_or(row.created);
    let mut terms: Vec<Grant> = Vec::new();
    let (mut before, mut previous_end) = (row.created, anchor);
    for renewal in 0..=row.renewals.len() {
        let renewed = renewal.checked_sub(1).map(|i| &row.renewals[i]);
        let (created, paid) = renewed.map_or((row.created, row.price), |renewal| (renewal.at, renewal.price));
        let place = if renewal == 0 { place.clone() } else { format!("{place}.renewals[{}]", renewal - 1) };
        if created < before {
            return fail(Code::InvalidRenewal, format!("{place}.at"));
        }
        before = created;
        let (version, package) = on_sale(catalog, request, row, created, &place)?;
        let start = if renewal == 0 { anchor } else { Instant(previous_end.0 - 1) };
        let end = match renewal {
            0 => zone.term_end(start, package.term),
            _ => zone.renewal_end(previous_end, anchor, package.term),
        };
        let end = end.map_err(|error| PricingError::new(error.code(), place.clone()))?;
        previous_end = end;
        let class = known(catalog.class(&package.class), Code::UnknownClass, format!("{place}.package"))?;
        let apis = match &row.api {
            Some(api) => vec![known(catalog.api(api), Code::UnknownApi, format!("{place}.api"))?],
            None => package.apis.iter().filter_map(|api| catalog.api(api)).collect(),
        };
        terms.push(Grant {
            id: String::new(),
            class,
            kind: catalog.classes[class].kind,
            apis,
            regions: Some(vec![region]),
            project: row.project.clone(),
            limited: row.limited,
            created,
            term: Period { start, end },
            unit: package.unit,
            quota: package.quota.0,
            used_before: 0,
            source: Source::Purchase(Purchase {
                package: row.package.clone(),
                price: paid.or(package.price),
                entered: request.entered.packages.iter().any(|it| it.id == row.package),
                version,
                row: index,
                copy: 0,
                copies: 1,
                renewal,
            }),
        });
    }
    Ok(terms)
}

/// The version of a package on sale at an instant, checked against the purchase's region and API.
fn on_sale<'a>(catalog: &'a Catalog, request: &'a Request, row: &GrantRow, at: Instant, place: &str) -> Result<(usize, &'a Package)> {
    let entered = &request.entered.packages;
    let rows = if entered.iter().any(|it| it.id == row.package) { entered } else { &catalog.packages };
    let version = rows.iter().enumerate().find(|(_, it)| it.id == row.package && it.on_sale(at));
    let (version, package) = version.ok_or_else(|| PricingError::new(Code::UnknownPackage, format!("{place}.package")))?;
    known(catalog.region(&row.region), Code::UnknownRegion, format!("{place}.region"))?;
    if !among(&package.regions, &row.region) {
        return fail(Code::PackageNotSold, format!("{place}.region"));
    }
    if let Some(api) = &row.api {
        known(catalog.api(api), Code::UnknownApi, format!("{place}.api"))?;
        if !package.apis.contains(api) {
            return fail(Code::PackageNotSold, format!("{place}.api"));
        }
    }
    let offered =
        |api: &&Api| row.api.as_ref().map_or(package.apis.contains(&api.id), |only| *only == api.id) && among(&api.regions, &row.region);
    if !catalog.apis.iter().any(|api| offered(&api)) {
        return fail(Code::PackageNotSold, format!("{place}.region"));
    }
    Ok((version, package))
}

/// One grant for each free quota; APIs that share a quota share the grant.
fn free_quotas(catalog: &Catalog) -> Vec<Grant> {
    let Some(class) = catalog.free_class() else { return Vec::new() };
    let mut quotas: Vec<(Option<&str>, Grant)> = Vec::new();
    for (api, free) in catalog.apis.iter().enumerate().filter_map(|(api, it)| it.free.as_ref().map(|free| (api, free))) {
        let shared = quotas.iter_mut().find(|(name, _)| name.is_some() && *name == free.shared.as_deref());
        if let Some((_, grant)) = shared {
            grant.apis.push(api);
            continue;
        }
        let regions = free.regions.as_ref().map(|regions| regions.iter().filter_map(|region| catalog.region(region)).collect());
        let always = Period { start: Instant(i64::MIN), end: Instant(i64::MAX) };
        let grant = Grant {
            id: format!("free:{}", catalog.apis[api].id),
            class,
            kind: ClassKind::Free,
            apis: vec![api],
            regions,
            project: None,
            limited: false,
            created: always.start,
            term: always,
            unit: Unit::Call,
            quota: free.calls.0,
            used_before: 0,
            source: Source::Free(free.every),
        };
        quotas.push((free.shared.as_deref(), grant));
    }
    quotas.into_iter().map(|(_, grant)| grant).collect()
}

/// Usage by stream, in the order in which requests of one instant are taken.
fn streams(catalog: &Catalog, usage: &[UsageRow]) -> Result<Vec<Stream>> {
    type Key<'a> = (usize, usize, &'a Option<String>, &'a Option<String>);
    let mut items: Vec<(Key<'_>, Item)> = Vec::new();
    let mut calls: u128 = 0;
    for (i, row) in usage.iter().enumerate() {
        let place = format!("request.usage[{i}]");
        let region = known(catalog.region(&row.region), Code::UnknownRegion, format!("{place}.region"))?;
        let api = known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        if !among(&catalog.apis[api].regions, &row.region) {
            return fail(Code::ApiNotOffered, format!("{place}.region"));
        }
        let row_items = row_items(catalog, &catalog.apis[api], row, &place)?;
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
    Ok(streams)
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
    let success = match row.succeed {
        _ if !(200..300).contains(&status) => Success::None,
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

fn access(catalog: &Catalog, subscriptions: Option<&[SubscriptionRow]>, grants: &[Grant]) -> Result<Option<Rc<Access>>> {
    let Some(subscriptions) = subscriptions else { return Ok(None) };
    let mut access = Access::default();
    for (i, row) in subscriptions.iter().enumerate() {
        let place = format!("request.subscriptions[{i}]");
        let region = known(catalog.region(&row.region), Code::UnknownRegion, format!("{place}.region"))?;
        let api = known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        if !among(&catalog.apis[api].regions, &row.region) {
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
            access.openers.push(Opener { api, region, user: None, from: grant.created, subscription: false });
        }
    }
    Ok(catalog.pay_per_use.then(|| Rc::new(access)))
}

/// The given period, or the months from the earliest usage or purchase to the latest usage or end of a grant.
fn period(catalog: &Catalog, request: &Request, grants: &[Grant], streams: &[Stream]) -> Result<Period> {
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
    let ends = bought.map(|grant| grant.term.end).chain(items.map(|item| item.period.end));
    let (Some(start), Some(end)) = (starts.min(), ends.max()) else { return fail(Code::NothingToEstimate, "request") };
    let start = zone.month_start(zone.month(start));
    let end = zone.month_period(zone.month(Instant(end.0 - 1))).end;
    let start = request.opening.as_ref().map_or(start, |opening| start.max(opening.at));
    if end <= start {
        return fail(Code::PeriodBeforeOpening, "request.opening.at");
    }
    Ok(Period { start, end })
}

fn check_opening(catalog: &Catalog, request: &Request, grants: &[Grant]) -> Result<()> {
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
    for (i, row) in opening.ladders.iter().enumerate() {
        let place = format!("request.opening.ladders[{i}]");
        known(catalog.api(&row.api), Code::UnknownApi, format!("{place}.api"))?;
        if row.ladder.0 >= (catalog.ladders.len() + request.entered.ladders.len()) as u64 {
            return fail(Code::UnknownLadder, format!("{place}.ladder"));
        }
    }
    Ok(())
}
