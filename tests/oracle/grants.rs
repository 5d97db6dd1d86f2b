//! Everything that can pay for a call before money does: free quotas and every copy and renewal of what was bought.

use crate::calls::Asked;
use crate::clock::{self, Clock};
use crate::input::{Every, Hours, Kind, LateRenewal, Limited, PackageRow, Request, Term};
use crate::money;
use chrono::{Datelike, NaiveDate};

pub struct Grant {
    pub id: String,
    /// None: a purchase. Otherwise a free quota, in term always.
    pub free: Option<FreeKind>,
    pub row: usize,
    pub copy: u64,
    pub renewal: usize,
    pub quantity: u64,
    pub package: String,
    /// Where the package row stands: "catalog.packages[3]".
    pub place: String,
    pub versions: usize,
    pub class: usize,
    pub apis: Vec<usize>,
    pub regions: Vec<usize>,
    pub project: Option<String>,
    pub limited: bool,
    /// K3: of a limited grant, where that means hours; it serves in no others.
    pub hours: Option<Hours>,
    pub created: i64,
    /// Start of the term; no call before `created` all the same.
    pub effective: i64,
    /// Exclusive.
    pub end: i64,
    /// Where the end would be if the term ended at the second at which it began.
    pub same_second_end: i64,
    /// The term's end was moved to the last day of a shorter month, or (a renewal) back to the first day of month.
    pub clamped: bool,
    /// T7: so many days later than the term alone would end.
    pub extra_days: i64,
    /// Months or years, and days.
    pub mixed: bool,
    pub points: bool,
    pub quota: u64,
    pub used_before: u64,
    pub price: Option<i128>,
    pub price_typed: bool,
    pub sequence: usize,
}

#[derive(Clone, Copy)]
pub struct FreeKind {
    pub every: Every,
    /// The API under which the state names it: the first of those that share it.
    pub api: usize,
    pub shared: bool,
}

impl Grant {
    /// The first instant at which it can serve (G6; no call before its creation).
    pub fn start(&self) -> i64 {
        self.created.max(self.effective)
    }

    /// K7: a call stands for the stretch of time from its instant on; a second, or a whole window.
    pub fn in_term(&self, call: &Asked) -> bool {
        self.free.is_some() || (self.start() < self.end && self.start() < call.until && call.at < self.end)
    }

    pub fn ended(&self, call: &Asked) -> bool {
        self.free.is_none() && self.end <= call.at
    }

    pub fn is_yet_to_start(&self, call: &Asked) -> bool {
        self.free.is_none() && call.until <= self.start()
    }

    /// K3, judged at the call's instant.
    pub fn in_hours(&self, call: &Asked) -> bool {
        let Some(Hours { from, to }) = self.hours else { return true };
        let hour = call.at.rem_euclid(clock::DAY) / clock::HOUR;
        if from < to { from <= hour && hour < to } else { from <= hour || hour < to }
    }

    /// The order of purchase; a free quota is there before anything is bought.
    pub fn bought(&self) -> (i64, usize) {
        (self.created, self.sequence)
    }

    pub fn fits_project(&self, project: Option<&str>) -> bool {
        self.project.is_none() || self.project.as_deref() == project
    }
}

pub fn index<T>(list: &[T], id: &str, name: impl Fn(&T) -> &str) -> usize {
    list.iter().position(|entry| name(entry) == id).unwrap_or_else(|| panic!("unknown {id}"))
}

/// Free quotas first, then what was bought, by request order, copy and renewal.
pub fn all(request: &Request, clock: Clock) -> Vec<Grant> {
    let mut grants = free_quotas(request);
    for row in 0..request.grants.len() {
        for copy in 0..request.grants[row].quantity.unwrap_or(1) {
            purchase(request, clock, row, copy, &mut grants);
        }
    }
    grants
}

fn free_quotas(request: &Request) -> Vec<Grant> {
    let catalog = &request.catalog;
    let mut grants: Vec<Grant> = Vec::new();
    let mut groups: Vec<(&str, usize)> = Vec::new();
    for (api, row) in catalog.apis.iter().enumerate() {
        let Some(free) = &row.free else { continue };
        if let Some(shared) = &free.shared {
            if let Some((_, grant)) = groups.iter().find(|(name, _)| name == shared) {
                grants[*grant].apis.push(api);
                continue;
            }
            groups.push((shared, grants.len()));
        }
        let regions = match &free.regions {
            Some(ids) => ids.iter().map(|id| index(&catalog.regions, id, |region| &region.id)).collect(),
            None => (0..catalog.regions.len()).collect(),
        };
        grants.push(Grant {
            id: "free".into(),
            free: Some(FreeKind { every: free.every, api, shared: free.shared.is_some() }),
            row: 0,
            copy: 0,
            renewal: 0,
            quantity: 1,
            package: String::new(),
            place: String::new(),
            versions: 1,
            class: catalog.classes.iter().position(|class| class.kind == Kind::Free).unwrap(),
            apis: vec![api],
            regions,
            project: None,
            limited: false,
            hours: None,
            created: i64::MIN,
            effective: i64::MIN,
            end: i64::MAX,
            same_second_end: i64::MAX,
            clamped: false,
            extra_days: 0,
            mixed: false,
            points: false,
            quota: free.calls,
            used_before: 0,
            price: None,
            price_typed: false,
            sequence: 0,
        });
    }
    grants
}

/// One copy of one row, with its renewals.
fn purchase(request: &Request, clock: Clock, row: usize, copy: u64, grants: &mut Vec<Grant>) {
    let (catalog, bought) = (&request.catalog, &request.grants[row]);
    let created = clock.read(&bought.created);
    let first_start = bought.effective.as_ref().map_or(created, |text| clock.read(text));
    let mut anchor = clock::date(first_start).day();
    let base = bought.id.clone().unwrap_or(format!("g{row}"));
    let base = if copy == 0 { base } else { format!("{base}#{}", copy + 1) };

    let renewals = bought.renewals.iter().map(|renewal| (clock.read(&renewal.at), &renewal.price, renewal.expiry_day));
    let payments = std::iter::once((created, &bought.price, None)).chain(renewals);
    let mut end_before = i64::MAX;
    for (renewal, (paid, price, expiry_day)) in payments.enumerate() {
        let (place, package, versions) = package_at(request, clock, &bought.package, paid);
        // K9: from the day of payment on, when the term before is over.
        let anew = catalog.late_renewal == LateRenewal::Renewal && end_before <= paid;
        if anew {
            anchor = clock::date(paid).day();
        }
        let effective = if renewal == 0 {
            first_start
        } else if anew {
            paid
        } else {
            end_before - 1
        };
        let same_second = package.term.ends.as_deref() == Some("same-second");
        // A renewal is one length longer than the term before: to the second, or day for day.
        let counted_from = if renewal > 0 && same_second && !anew { end_before } else { effective };
        let (mut end, mut same_second_end, clamped) = term_end(counted_from, anchor, &package.term);
        let mut extra_days = 0;
        if let Some(day) = expiry_day {
            extra_days = days_until(clock::date(same_second_end), day);
            end += extra_days * clock::DAY;
            same_second_end += extra_days * clock::DAY;
            anchor = day;
        }
        end_before = end;
        // `used` fills the copies in order; renewals begin fresh.
        let used_before = match renewal {
            0 => bought.used.saturating_sub(copy * package.quota).min(package.quota),
            _ => 0,
        };
        let apis = bought.api.as_ref().map_or(package.apis.clone(), |api| vec![api.clone()]);
        grants.push(Grant {
            id: if renewal == 0 { base.clone() } else { format!("{base}+{renewal}") },
            free: None,
            row,
            copy,
            renewal,
            quantity: bought.quantity.unwrap_or(1),
            package: bought.package.clone(),
            place,
            versions,
            class: index(&catalog.classes, &package.class, |class| &class.id),
            apis: apis.iter().map(|api| index(&catalog.apis, api, |api| &api.id)).collect(),
            regions: vec![index(&catalog.regions, &bought.region, |region| &region.id)],
            project: bought.project.clone(),
            limited: bought.limited,
            hours: package.hours.filter(|_| bought.limited && catalog.limited == Limited::OffPeak),
            created: paid,
            effective,
            end,
            same_second_end,
            clamped,
            extra_days,
            mixed: package.term.years + package.term.months > 0 && package.term.days > 0,
            points: package.unit.as_deref() == Some("point"),
            quota: package.quota,
            used_before,
            price: price.as_ref().or(package.price.as_ref()).map(|text| money::read(text)),
            price_typed: price.is_some(),
            sequence: grants.len(),
        });
    }
}

/// T7: how many days later the next such day of a month is, or the last day of a month without it.
fn days_until(last_day: NaiveDate, day: u32) -> i64 {
    let is_it = |date: NaiveDate| date.day() == day || date.day() < day && clock::add_days(date, 1).day() == 1;
    (0..).find(|later| is_it(clock::add_days(last_day, *later))).unwrap()
}

/// T9: the row in force at payment. An entered package replaces the list's rows of its id.
pub fn package_at<'a>(request: &'a Request, clock: Clock, id: &str, paid: i64) -> (String, &'a PackageRow, usize) {
    found_at(request, clock, id, paid).unwrap_or_else(|| panic!("unknown_package {id}"))
}

/// None: not on sale then.
pub fn found_at<'a>(request: &'a Request, clock: Clock, id: &str, paid: i64) -> Option<(String, &'a PackageRow, usize)> {
    let entered = request.entered.packages.iter().any(|row| row.id == id);
    let (list, place) = match entered {
        true => (&request.entered.packages, "request.entered.packages"),
        false => (&request.catalog.packages, "catalog.packages"),
    };
    let versions = list.iter().filter(|row| row.id == id).count();
    let in_force = |row: &PackageRow| {
        row.from.as_ref().is_none_or(|from| clock.read(from) <= paid) && row.until.as_ref().is_none_or(|until| paid < clock.read(until))
    };
    let found = list.iter().position(|row| row.id == id && in_force(row))?;
    Some((format!("{place}[{found}].price"), &list[found], versions))
}

/// T2, T3: counted from the day of `start`; months keep the day `anchor` of the first purchase where the month has it.
/// Returns the end, where it would be without going on to the day's end, and whether a month was too short.
fn term_end(start: i64, anchor: u32, term: &Term) -> (i64, i64, bool) {
    let first_day = clock::date(start);
    let months = term.years * 12 + term.months;
    let (mut last_day, mut clamped): (NaiveDate, bool) = (first_day, false);
    if months > 0 {
        // A term with days ends on another day of the month each time: there is none to keep.
        last_day = clock::add_months(first_day, months, if term.days > 0 { first_day.day() } else { anchor });
        clamped = last_day.day() != first_day.day();
    }
    last_day = clock::add_days(last_day, term.days);
    let second = start.rem_euclid(clock::DAY);
    let same_second = clock::midnight(last_day) + second;
    let end = match term.ends.as_deref() {
        Some("same-second") => same_second,
        _ => clock::midnight(last_day) + clock::DAY,
    };
    (end, same_second, clamped)
}
