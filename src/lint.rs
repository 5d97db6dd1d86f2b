//! What is wrong with a catalog, beyond what reading it already refuses.
//!
//! An error makes the catalog unfit for any answer; a warning does not.

use crate::catalog::{Catalog, Ladder, Package, Settlement, among, validity};
use crate::count::Count;
use crate::error::{Code, PricingError, Result};
use crate::tariff::{Shape, Step};
use crate::time::Instant;
use crate::value::{Table, Value};
use serde::Serialize;
use tsify::Tsify;

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

/// All problems of a catalog. It is sound when none is an error.
pub fn lint(catalog: &Value) -> Vec<Problem> {
    match Catalog::choose(catalog, &Table::default()) {
        Ok(catalog) => problems(&catalog),
        Err(error) => vec![Problem { severity: ProblemSeverity::Error, error }],
    }
}

/// The first error of a catalog that was read.
pub(crate) fn sound(catalog: &Catalog) -> Result<()> {
    first_error(problems(catalog))
}

/// The first error of rows that a person entered.
pub(crate) fn sound_rows(catalog: &Catalog, ladders: &[Ladder], packages: &[Package], place: &str) -> Result<()> {
    let mut found = Found(Vec::new());
    check_rows(catalog, ladders, packages, place, &mut found);
    first_error(found.0)
}

fn first_error(problems: Vec<Problem>) -> Result<()> {
    let error = problems.into_iter().find(|problem| problem.severity == ProblemSeverity::Error);
    error.map_or(Ok(()), |problem| Err(problem.error))
}

struct Found(Vec<Problem>);

impl Found {
    fn error(&mut self, code: Code, place: String) {
        self.0.push(Problem { severity: ProblemSeverity::Error, error: PricingError::new(code, place) });
    }

    fn warning(&mut self, code: Code, place: String) {
        self.0.push(Problem { severity: ProblemSeverity::Warning, error: PricingError::new(code, place) });
    }

    fn unless(&mut self, sound: bool, code: Code, place: String) {
        if !sound {
            self.error(code, place);
        }
    }
}

fn problems(catalog: &Catalog) -> Vec<Problem> {
    let mut found = Found(Vec::new());
    found.unless(!catalog.apis.is_empty(), Code::EmptyCatalog, "catalog.apis".to_string());
    distinct(catalog.apis.iter().map(|api| &api.id), "catalog.apis", &mut found);
    distinct(catalog.regions.iter().map(|region| &region.id), "catalog.regions", &mut found);
    distinct(catalog.classes.iter().map(|class| &class.id), "catalog.classes", &mut found);
    for (i, api) in catalog.apis.iter().enumerate() {
        let place = format!("catalog.apis[{i}]");
        known_regions(catalog, &api.regions, &place, &mut found);
        found.unless(api.calls_per_request != Some(Count(0)), Code::InvalidValue, format!("{place}.callsPerRequest"));
        found.unless(api.points.is_none_or(|points| (1..=1_000_000).contains(&points.0)), Code::InvalidValue, format!("{place}.points"));
        if let Some(free) = &api.free {
            known_regions(catalog, &free.regions, &format!("{place}.free"), &mut found);
            found.unless(free.calls.0 > 0, Code::InvalidValue, format!("{place}.free.calls"));
            found.unless(catalog.free_class().is_some(), Code::UnknownClass, format!("{place}.free"));
        }
    }
    check_rows(catalog, &catalog.ladders, &catalog.packages, "catalog", &mut found);
    let sources = catalog.ladders.iter().map(|row| &row.source).enumerate().map(|(i, source)| ("ladders", i, source));
    let sources = sources.chain(catalog.packages.iter().enumerate().map(|(i, row)| ("packages", i, &row.source)));
    for (list, i, source) in sources.chain(catalog.qps.iter().enumerate().map(|(i, row)| ("qps", i, &row.source))) {
        found.unless(catalog.sources.get(source).is_some(), Code::UnknownSource, format!("catalog.{list}[{i}].source"));
    }
    found.0
}

fn check_rows(catalog: &Catalog, ladders: &[Ladder], packages: &[Package], place: &str, found: &mut Found) {
    for (i, ladder) in ladders.iter().enumerate() {
        check_ladder(catalog, ladder, &format!("{place}.ladders[{i}]"), found);
        if ladders[..i].iter().any(|earlier| overlap(catalog, earlier, ladder)) {
            found.error(Code::LadderOverlap, format!("{place}.ladders[{i}]"));
        }
    }
    for (i, package) in packages.iter().enumerate() {
        let place = format!("{place}.packages[{i}]");
        known_apis(catalog, &package.apis, &place, found);
        known_regions(catalog, &package.regions, &place, found);
        in_order(package.from, package.until, &place, found);
        found.unless(catalog.class(&package.class).is_some(), Code::UnknownClass, format!("{place}.class"));
        found.unless(package.quota.0 > 0, Code::InvalidValue, format!("{place}.quota"));
        let length = package.term.years.0 + package.term.months.0 + package.term.days.0;
        found.unless(length > 0, Code::InvalidValue, format!("{place}.term"));
        let sold = |at: &Package| at.id == package.id && meet(at.from, at.until, package.from, package.until);
        found.unless(!packages[..i].iter().any(sold), Code::PackageOverlap, place);
    }
}

fn check_ladder(catalog: &Catalog, ladder: &Ladder, place: &str, found: &mut Found) {
    known_apis(catalog, &ladder.apis, place, found);
    known_regions(catalog, &ladder.regions, place, found);
    in_order(ladder.from, ladder.until, place, found);
    let per = ladder.per.map_or(1, |per| per.0);
    found.unless([1, 10, 100, 1_000].contains(&per), Code::InvalidValue, format!("{place}.per"));
    found.unless(ladder.shape != Shape::Flat || ladder.steps.len() <= 1, Code::FlatWithSteps, format!("{place}.steps"));
    let hourly = catalog.settlement == Settlement::Hour && ladder.shape == Shape::Volume;
    found.unless(!hourly, Code::VolumeSettledHourly, format!("{place}.shape"));
    check_steps(&ladder.steps, place, found);
}

fn check_steps(steps: &[Step], place: &str, found: &mut Found) {
    found.unless(!steps.is_empty(), Code::NoSteps, format!("{place}.steps"));
    let mut below = 0;
    for (i, step) in steps.iter().enumerate() {
        let last = i + 1 == steps.len();
        match step.up_to {
            Some(up_to) => {
                found.unless(up_to.0 > below, Code::StepsNotRising, format!("{place}.steps[{i}].upTo"));
                found.unless(!last, Code::LastStepBounded, format!("{place}.steps[{i}].upTo"));
                below = up_to.0;
            }
            None => found.unless(last, Code::StepsNotRising, format!("{place}.steps[{i}].upTo")),
        }
        let before = i.checked_sub(1).and_then(|before| steps[before].unit_price);
        if let (Some(before), Some(price)) = (before, step.unit_price)
            && price > before
        {
            found.warning(Code::PriceRises, format!("{place}.steps[{i}].unitPrice"));
        }
    }
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

fn in_order(from: Option<Instant>, until: Option<Instant>, place: &str, found: &mut Found) {
    let period = validity(from, until);
    found.unless(period.start < period.end, Code::PeriodReversed, format!("{place}.until"));
}

fn known_apis(catalog: &Catalog, apis: &[String], place: &str, found: &mut Found) {
    found.unless(!apis.is_empty(), Code::MissingField, format!("{place}.apis[0]"));
    for (i, api) in apis.iter().enumerate() {
        found.unless(catalog.api(api).is_some(), Code::UnknownApi, format!("{place}.apis[{i}]"));
    }
}

fn known_regions(catalog: &Catalog, regions: &Option<Vec<String>>, place: &str, found: &mut Found) {
    for (i, region) in regions.iter().flatten().enumerate() {
        found.unless(catalog.region(region).is_some(), Code::UnknownRegion, format!("{place}.regions[{i}]"));
    }
}

fn distinct<'a>(ids: impl Iterator<Item = &'a String>, place: &str, found: &mut Found) {
    let mut seen: Vec<&String> = Vec::new();
    for (i, id) in ids.enumerate() {
        found.unless(!seen.contains(&id), Code::DuplicateId, format!("{place}[{i}].id"));
        seen.push(id);
    }
}
