//! What is wrong with a catalog, beyond what reading it already refuses.
//!
//! An error makes the catalog unfit for any answer; a warning does not.

use crate::catalog::{Api, Catalog, Free, Ladder, Package, Qps, Region, Unit, among, validity};
use crate::count::Count;
use crate::error::{Code, PricingError, Result};
use crate::money::Amount;
use crate::rulebook::{Limited, OrderKey, Settlement, SuccessBy};
use crate::tariff::{Block, Shape, Step};
use crate::time::{Day, Instant};
use crate::value::{Table, Text, Value, reads};
use serde::Serialize;
use std::fmt::{self, Display};
use tsify::Tsify;

/// Hours from one thing to the next, at most: a year with a leap day.
const HOURS_MAX: u64 = 8_784;

/// Something wrong with a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Problem {
    /// Whether the catalog can be used all the same.
    pub severity: ProblemSeverity,
    /// What is wrong, and which field.
    #[serde(flatten)]
    pub error: PricingError,
}

/// Whether a catalog can be used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemSeverity {
    /// No.
    Error,
    /// Yes.
    Warning,
}

/// How a catalog is looked at.
#[derive(Clone, Debug, Default, Tsify)]
pub struct LintOptions {
    /// The day on which the age of prices is judged; left out: the day on which they were checked.
    #[tsify(optional)]
    pub on: Option<Day>,
}

reads!(LintOptions { optional on "on" });

/// All problems of a catalog. It is sound when none is an error.
pub fn lint(catalog: &Value, options: &LintOptions) -> Vec<Problem> {
    match Catalog::choose(catalog, &Table::default()) {
        Ok(catalog) => {
            let mut found = Found(problems(&catalog));
            if first_error(&found.0).is_ok() {
                look_twice(&catalog, options.on.unwrap_or(*catalog.checked_on), &mut found);
            }
            found.0
        }
        Err(error) => vec![Problem { severity: ProblemSeverity::Error, error }],
    }
}

/// The first error of a catalog that was read.
pub(crate) fn sound(catalog: &Catalog) -> Result<()> {
    first_error(&problems(catalog))
}

/// The first error of rows that a person entered.
pub(crate) fn sound_rows(catalog: &Catalog, ladders: &[Ladder], packages: &[Package], place: &str) -> Result<()> {
    let mut found = Found(Vec::new());
    check_rows(catalog, ladders, packages, &place, &mut found);
    first_error(&found.0)
}

/// The first error of rows of queries per second that a person entered.
pub(crate) fn sound_qps(catalog: &Catalog, rows: &[Qps], place: &str) -> Result<()> {
    let mut found = Found(Vec::new());
    check_qps(catalog, rows, &place, &mut found);
    first_error(&found.0)
}

fn first_error(problems: &[Problem]) -> Result<()> {
    let error = problems.iter().find(|problem| problem.severity == ProblemSeverity::Error);
    error.map_or(Ok(()), |problem| Err(problem.error.clone()))
}

/// The problems found so far. Places are put together only for what is wrong.
struct Found(Vec<Problem>);

impl Found {
    /// An error at a field of a place, unless all is well.
    fn unless(&mut self, sound: bool, code: Code, place: &dyn Display, field: &str) {
        if !sound {
            self.add(ProblemSeverity::Error, code, place, field);
        }
    }

    /// A warning at a field of a place, unless all is well.
    fn warn_unless(&mut self, well: bool, code: Code, place: &dyn Display, field: &str) {
        if !well {
            self.add(ProblemSeverity::Warning, code, place, field);
        }
    }

    #[cold]
    fn add(&mut self, severity: ProblemSeverity, code: Code, place: &dyn Display, field: &str) {
        self.0.push(Problem { severity, error: PricingError::new(code, format!("{place}{field}")) });
    }
}

/// The row of a list, as a place: `catalog.ladders[2]`.
struct Row<'a>(&'a dyn Display, &'static str, usize);

impl Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}[{}]", self.0, self.1, self.2)
    }
}

fn problems(catalog: &Catalog) -> Vec<Problem> {
    let mut found = Found(Vec::new());
    let place = &"catalog";
    found.unless(!catalog.apis.is_empty(), Code::EmptyCatalog, place, ".apis");
    if !countable(&catalog.apis, place, ".apis", &mut found) || !countable(&catalog.regions, place, ".regions", &mut found) {
        return found.0;
    }
    distinct(catalog.apis.iter().map(|api| &api.id), "apis", &mut found);
    distinct(catalog.regions.iter().map(|region| &region.id), "regions", &mut found);
    distinct(catalog.classes.iter().map(|class| &class.id), "classes", &mut found);
    check_names(catalog, &mut found);
    for (i, api) in catalog.apis.iter().enumerate() {
        let place = &Row(place, "apis", i);
        known_regions(catalog, &api.regions, place, &mut found);
        found.unless(api.calls_per_request != Some(Count(0)), Code::InvalidValue, place, ".callsPerRequest");
        found.unless(api.points.is_none_or(|points| (1..=1_000_000).contains(&points.0)), Code::InvalidValue, place, ".points");
        if let Some(free) = &api.free {
            known_regions(catalog, &free.regions, &format_args!("{place}.free"), &mut found);
            found.unless(free.calls.0 > 0, Code::InvalidValue, place, ".free.calls");
            found.unless(catalog.free_class().is_some(), Code::UnknownClass, place, ".free");
        }
    }
    check_rows(catalog, &catalog.ladders, &catalog.packages, place, &mut found);
    check_qps(catalog, &catalog.qps, place, &mut found);
    let mut sources: Vec<(&'static str, usize, &String)> = Vec::new();
    sources.extend(catalog.ladders.iter().enumerate().map(|(i, row)| ("ladders", i, &row.source)));
    sources.extend(catalog.packages.iter().enumerate().map(|(i, row)| ("packages", i, &row.source)));
    sources.extend(catalog.qps.iter().enumerate().map(|(i, row)| ("qps", i, &row.source)));
    for (list, i, source) in sources {
        found.unless(catalog.sources.get(source).is_some(), Code::UnknownSource, &Row(place, list, i), ".source");
    }
    for (i, profile) in catalog.profiles.iter().enumerate() {
        for (j, option) in profile.options.iter().enumerate() {
            let known = catalog.sources.get(&option.source).is_some();
            found.unless(known, Code::UnknownSource, &Row(&Row(place, "profiles", i), "options", j), ".source");
        }
    }
    let success = &catalog.success;
    let by_code = success.by == SuccessBy::ErrorCode;
    for (i, code) in success.billed.iter().enumerate() {
        let told = by_code && !code.is_empty() && !success.billed[..i].contains(code);
        found.unless(told, Code::InvalidValue, &Row(&"catalog.success", "billed", i), "");
    }
    let known = success.source.as_ref().is_none_or(|source| catalog.sources.get(source).is_some());
    found.unless(known, Code::UnknownSource, place, ".success.source");
    found.unless(catalog.not_open_code.as_ref().is_none_or(|code| !code.is_empty()), Code::InvalidValue, place, ".notOpenCode");
    found.unless(catalog.pay_per_use || !catalog.pay_per_use_switch, Code::InvalidValue, place, ".payPerUseSwitch");
    for (i, region) in catalog.regions.iter().enumerate() {
        for (j, name) in region.also.iter().enumerate() {
            let names_other = |other: &Region| other.id == *name || other.also.contains(name);
            let others = catalog.regions.iter().enumerate().filter(|(k, _)| *k != i);
            let place = &Row(&Row(place, "regions", i), "also", j);
            found.unless(!name.is_empty(), Code::InvalidValue, place, "");
            found.unless(!others.map(|(_, other)| other).any(names_other), Code::DuplicateId, place, "");
        }
    }
    let lifecycle = catalog.lifecycle.as_ref().is_none_or(|it| catalog.sources.get(&it.source).is_some());
    found.unless(lifecycle, Code::UnknownSource, place, ".lifecycle.source");
    if let Some(overdue) = &*catalog.overdue {
        found.unless(catalog.sources.get(&overdue.source).is_some(), Code::UnknownSource, place, ".overdue.source");
        found.unless(overdue.stop_after_hours.0 <= HOURS_MAX, Code::CountTooLarge, place, ".overdue.stopAfterHours");
    }
    let debit = catalog.debit_after_hours.is_none_or(|hours| hours.0 <= HOURS_MAX);
    found.unless(debit, Code::CountTooLarge, place, ".debitAfterHours");
    for (i, note) in catalog.notes.iter().enumerate() {
        for (j, api) in note.apis.iter().flatten().enumerate() {
            found.unless(catalog.api(api).is_some(), Code::UnknownApi, &Row(&Row(place, "notes", i), "apis", j), "");
        }
    }
    found.0
}

/// Rows in one list of a catalog, and steps in one ladder, at most: every row is held against the others, and every step is asked about.
const ROWS_MAX: usize = 10_000;
const STEPS_MAX: usize = 256;

/// Whether a list is short enough to be looked at row by row.
fn countable<T>(rows: &[T], place: &dyn Display, field: &str, found: &mut Found) -> bool {
    found.unless(rows.len() <= ROWS_MAX, Code::AnswerTooLarge, place, field);
    rows.len() <= ROWS_MAX
}

/// Every name says something, and the currency is a code of ISO 4217.
fn check_names(catalog: &Catalog, found: &mut Found) {
    let place = &"catalog";
    let currency = catalog.currency.len() == 3 && catalog.currency.bytes().all(|byte| byte.is_ascii_uppercase());
    found.unless(currency, Code::InvalidValue, place, ".currency");
    found.unless(says(&catalog.id), Code::InvalidValue, place, ".id");
    found.unless(named(&catalog.name), Code::InvalidValue, place, ".name");
    for (i, row) in catalog.regions.iter().enumerate() {
        found.unless(says(&row.id), Code::InvalidValue, &Row(place, "regions", i), ".id");
        found.unless(named(&row.name), Code::InvalidValue, &Row(place, "regions", i), ".name");
    }
    for (i, row) in catalog.apis.iter().enumerate() {
        found.unless(says(&row.id), Code::InvalidValue, &Row(place, "apis", i), ".id");
        found.unless(named(&row.name), Code::InvalidValue, &Row(place, "apis", i), ".name");
    }
    for (i, row) in catalog.classes.iter().enumerate() {
        found.unless(says(&row.id), Code::InvalidValue, &Row(place, "classes", i), ".id");
        found.unless(named(&row.name), Code::InvalidValue, &Row(place, "classes", i), ".name");
    }
    for (i, row) in catalog.profiles.iter().enumerate() {
        found.unless(says(&row.id), Code::InvalidValue, &Row(place, "profiles", i), ".id");
    }
    for (name, source) in &catalog.sources.0 {
        let titled = says(name) && (!cfg!(feature = "whole") || says(&source.title));
        found.unless(titled, Code::InvalidValue, &format_args!("catalog.sources.{name}"), ".title");
    }
}

/// Whether a text is more than blanks.
fn says(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Whether a name says something in each language that it has; the small module reads none.
fn named(name: &Text) -> bool {
    !cfg!(feature = "whole") || (says(&name.0) && name.1.as_deref().is_none_or(says))
}

fn check_rows(catalog: &Catalog, ladders: &[Ladder], packages: &[Package], place: &dyn Display, found: &mut Found) {
    if !countable(ladders, place, ".ladders", found) || !countable(packages, place, ".packages", found) {
        return;
    }
    for (i, ladder) in ladders.iter().enumerate() {
        let place = &Row(place, "ladders", i);
        check_ladder(catalog, ladder, place, found);
        found.unless(!ladders[..i].iter().any(|earlier| overlap(catalog, earlier, ladder)), Code::LadderOverlap, place, "");
    }
    for (i, package) in packages.iter().enumerate() {
        let place = &Row(place, "packages", i);
        found.unless(says(&package.id), Code::InvalidValue, place, ".id");
        found.unless(package.name.as_ref().is_none_or(named), Code::InvalidValue, place, ".name");
        known_apis(catalog, &package.apis, place, found);
        known_regions(catalog, &package.regions, place, found);
        in_order(package.from, package.until, place, found);
        found.unless(catalog.class(&package.class).is_some(), Code::UnknownClass, place, ".class");
        found.unless(package.quota.0 > 0, Code::InvalidValue, place, ".quota");
        let hours = package.hours.is_none_or(|it| it.from.0 < 24 && (1..=24).contains(&it.to.0) && it.from != it.to);
        found.unless(hours, Code::InvalidValue, place, ".hours");
        let length = package.term.years.0 + package.term.months.0 + package.term.days.0;
        found.unless(length > 0, Code::InvalidValue, place, ".term");
        let sold = |at: &Package| at.id == package.id && meet(at.from, at.until, package.from, package.until);
        found.unless(!packages[..i].iter().any(sold), Code::PackageOverlap, place, "");
    }
}

fn check_ladder(catalog: &Catalog, ladder: &Ladder, place: &dyn Display, found: &mut Found) {
    known_apis(catalog, &ladder.apis, place, found);
    known_regions(catalog, &ladder.regions, place, found);
    in_order(ladder.from, ladder.until, place, found);
    let per = ladder.per.map_or(1, |per| per.0);
    found.unless([1, 10, 100, 1_000].contains(&per), Code::InvalidValue, place, ".per");
    found.unless(ladder.shape != Shape::Flat || ladder.steps.len() <= 1, Code::FlatWithSteps, place, ".steps");
    let hourly = catalog.settlement == Settlement::Hour && ladder.shape == Shape::Volume;
    found.unless(!hourly, Code::VolumeSettledHourly, place, ".shape");
    check_steps(&ladder.steps, place, found);
}

fn check_qps(catalog: &Catalog, rows: &[Qps], place: &dyn Display, found: &mut Found) {
    for (i, row) in rows.iter().enumerate() {
        let place = &Row(place, "qps", i);
        known_apis(catalog, &row.apis, place, found);
        check_steps(&row.steps, place, found);
    }
}

fn check_steps(steps: &[Step], place: &dyn Display, found: &mut Found) {
    found.unless(!steps.is_empty(), Code::NoSteps, place, ".steps");
    found.unless(steps.len() <= STEPS_MAX, Code::AnswerTooLarge, place, ".steps");
    let mut below = 0;
    for (i, step) in steps.iter().enumerate() {
        let place = &Row(place, "steps", i);
        let last = i + 1 == steps.len();
        if let Some(up_to) = step.up_to {
            found.unless(up_to.0 > below, Code::StepsNotRising, place, ".upTo");
            below = up_to.0;
        }
        // Only the last step is open, and the last one is.
        let code = if last { Code::LastStepBounded } else { Code::StepsNotRising };
        found.unless(last == step.up_to.is_none(), code, place, ".upTo");
        let before = i.checked_sub(1).and_then(|before| steps[before].unit_price);
        let rises = before.zip(step.unit_price).is_some_and(|(before, price)| price > before);
        found.warn_unless(!rises, Code::PriceRises, place, ".unitPrice");
        found.warn_unless(step.unit_price != Some(Amount::ZERO), Code::ZeroPrice, place, ".unitPrice");
    }
}

/// What is worth a second look in a catalog without errors.
fn look_twice(catalog: &Catalog, on: Day, found: &mut Found) {
    let place = &"catalog";
    found.warn_unless(catalog.order.last() == Some(&OrderKey::Sequence), Code::OrderLeavesTies, place, ".order");
    for (name, source) in &catalog.sources.0 {
        let of_steps = |of: &String, steps: &[Step]| of == name && steps.iter().any(|step| step.unit_price.is_some());
        let priced = catalog.packages.iter().any(|row| row.source == *name && row.price.is_some())
            || catalog.ladders.iter().any(|row| of_steps(&row.source, &row.steps))
            || catalog.qps.iter().any(|row| of_steps(&row.source, &row.steps));
        if priced {
            let place = &format_args!("catalog.sources.{name}");
            found.warn_unless(source.date.is_some(), Code::SourceUndated, place, "");
            found.warn_unless(source.date.is_none_or(|date| date.a_year_later() > on), Code::PriceOld, place, ".date");
        }
    }
    for (i, api) in catalog.apis.iter().enumerate() {
        let given = |free: &Free| catalog.regions.iter().any(|it| among(&api.regions, &it.id) && among(&free.regions, &it.id));
        found.warn_unless(api.free.as_ref().is_none_or(given), Code::UnusableQuota, &Row(place, "apis", i), ".free.regions");
    }
    for (i, package) in catalog.packages.iter().enumerate() {
        let place = &Row(place, "packages", i);
        let usable = served(catalog, package).any(|(api, _)| calls_of(package, api) > 0);
        found.warn_unless(usable, Code::UnusableQuota, place, ".quota");
        found.warn_unless(!usable || can_pay(catalog, package), Code::NeverPays, place, ".price");
        let hours = catalog.limited == Limited::Term || package.hours.is_some();
        found.warn_unless(hours, Code::HoursMissing, place, ".hours");
    }
}

/// The APIs that a package serves, each with a region in which it is sold and they are offered.
fn served<'a>(catalog: &'a Catalog, package: &'a Package) -> impl Iterator<Item = (&'a Api, &'a str)> {
    let apis = catalog.apis.iter().filter(|api| package.apis.contains(&api.id));
    apis.flat_map(move |api| {
        let here = move |region: &&'a Region| among(&package.regions, &region.id) && among(&api.regions, &region.id);
        catalog.regions.iter().filter(here).map(move |region| (api, region.id.as_str()))
    })
}

fn calls_of(package: &Package, api: &Api) -> u64 {
    match package.unit {
        Unit::Call => package.quota.0,
        Unit::Point => package.quota.0 / api.points.map_or(1, |points| points.0),
    }
}

/// Whether a package can ever be cheaper than pay-per-use: whether its calls at the dearest step of some ladder cost more than it does.
/// Where a price is unknown, it can.
fn can_pay(catalog: &Catalog, package: &Package) -> bool {
    let Some(price) = package.price.filter(|_| catalog.pay_per_use) else { return true };
    served(catalog, package).any(|(api, region)| {
        let prices = |row: &&Ladder| {
            row.apis.contains(&api.id) && among(&row.regions, region) && meet(row.from, row.until, package.from, package.until)
        };
        let mut rows = catalog.ladders.iter().filter(prices).peekable();
        let (calls, unpriced) = (calls_of(package, api), rows.peek().is_none());
        unpriced || rows.any(|row| row.steps.iter().any(|step| dearer(row, step, calls, price)))
    })
}

fn dearer(row: &Ladder, step: &Step, calls: u64, price: Amount) -> bool {
    // Where the last block is charged whole, each call may be a block of its own.
    let per = if row.block == Block::Whole { 1 } else { row.tariff().per };
    step.unit_price.is_none_or(|unit| unit.times_per(calls, per).is_ok_and(|alone| alone > price))
}

/// Whether two rows claim one API, region and instant.
fn overlap(catalog: &Catalog, a: &Ladder, b: &Ladder) -> bool {
    meet(a.from, a.until, b.from, b.until)
        && a.apis.iter().any(|api| b.apis.contains(api))
        && catalog.regions.iter().any(|region| among(&a.regions, &region.id) && among(&b.regions, &region.id))
}

fn meet(from_a: Option<Instant>, until_a: Option<Instant>, from_b: Option<Instant>, until_b: Option<Instant>) -> bool {
    let (a, b) = (validity(from_a, until_a), validity(from_b, until_b));
    a.start < b.end && b.start < a.end
}

fn in_order(from: Option<Instant>, until: Option<Instant>, place: &dyn Display, found: &mut Found) {
    let period = validity(from, until);
    found.unless(period.start < period.end, Code::PeriodReversed, place, ".until");
}

fn known_apis(catalog: &Catalog, apis: &[String], place: &dyn Display, found: &mut Found) {
    found.unless(!apis.is_empty(), Code::MissingField, place, ".apis[0]");
    for (i, api) in apis.iter().enumerate() {
        found.unless(catalog.api(api).is_some(), Code::UnknownApi, &Row(place, "apis", i), "");
    }
}

fn known_regions(catalog: &Catalog, regions: &Option<Vec<String>>, place: &dyn Display, found: &mut Found) {
    for (i, region) in regions.iter().flatten().enumerate() {
        found.unless(catalog.region(region).is_some(), Code::UnknownRegion, &Row(place, "regions", i), "");
    }
}

fn distinct<'a>(ids: impl Iterator<Item = &'a String>, list: &'static str, found: &mut Found) {
    let mut seen: Vec<&String> = Vec::new();
    for (i, id) in ids.enumerate() {
        found.unless(!seen.contains(&id), Code::DuplicateId, &Row(&"catalog", list, i), ".id");
        seen.push(id);
    }
}
