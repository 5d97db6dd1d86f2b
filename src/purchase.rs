//! What a request bought, looked up and checked: each term of each copy as a grant; the catalog's free quotas as grants too.
//!
//! Owns the checks that a purchase needs: on sale then, sold there, for that API; its start, its renewals, its hours.

use crate::catalog::{Api, Catalog, Package, Unit, among};
use crate::count::COUNT_MAX;
use crate::error::{Code, PricingError, Result, fail};
use crate::grant::{Grant, Purchase, Source};
use crate::request::{GrantRow, Request};
use crate::rulebook::{ClassKind, LateRenewal, Limited};
use crate::time::{DAY, Instant, Period};

/// Grants that one request may buy, copies and renewals counted.
const GRANTS_MAX: usize = 10_000;

/// An index that was looked up, or the error that names what is not known.
pub(crate) fn known(index: Option<usize>, code: Code, place: impl Into<String>) -> Result<usize> {
    index.ok_or_else(|| PricingError::new(code, place))
}

/// Every term of every copy of every purchase, in the order of purchase.
pub(crate) fn purchases(catalog: &Catalog, request: &Request) -> Result<Vec<Grant>> {
    let mut grants: Vec<Grant> = Vec::new();
    let mut holds: u128 = 0;
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
        // What is left in several grants is added up.
        holds += u128::from(copies) * terms.iter().map(|term| u128::from(term.quota)).sum::<u128>();
        if holds > u128::from(COUNT_MAX) {
            return fail(Code::CountTooLarge, format!("{place}.{}", if copies > 1 { "quantity" } else { "package" }));
        }
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
    let first = row.effective.unwrap_or(row.created);
    let mut anchor = 0;
    let mut terms: Vec<Grant> = Vec::new();
    let (mut before, mut previous_end) = (row.created, first);
    for renewal in 0..=row.renewals.len() {
        let renewed = renewal.checked_sub(1).map(|i| &row.renewals[i]);
        let (created, paid) = renewed.map_or((row.created, row.price), |renewal| (renewal.at, renewal.price));
        let place = if renewal == 0 { place.clone() } else { format!("{place}.renewals[{}]", renewal - 1) };
        if created < before {
            return fail(Code::InvalidRenewal, format!("{place}.at"));
        }
        before = created;
        let (version, package) = on_sale(catalog, request, row, created, &place)?;
        // A renewal follows the last second of the term before; or, paid after it, starts when it is paid (K9).
        let follows = renewal > 0 && !(catalog.late_renewal == LateRenewal::Renewal && created >= previous_end);
        let start = match renewal {
            _ if follows => Instant(previous_end.0 - 1),
            0 => first,
            _ => created,
        };
        let last = if follows { zone.last_of(previous_end, package.term) } else { start };
        if !follows {
            anchor = zone.day_of_month(start);
        }
        let unified = renewed.and_then(|renewal| renewal.expiry_day);
        if unified.is_some() && paid.is_none() {
            return fail(Code::MissingField, format!("{place}.price"));
        }
        let usual = zone.term_end(last, anchor, package.term);
        let end = usual.and_then(|usual| match unified {
            None => Ok((usual, 0)),
            Some(day) => {
                anchor = day.0;
                zone.unified_end(usual, anchor, package.term).map(|end| (end, (end.0 - usual.0) / DAY))
            }
        });
        let (end, extra_days) = end.map_err(|error| PricingError::new(error.code(), place.clone()))?;
        previous_end = end;
        let class = known(catalog.class(&package.class), Code::UnknownClass, format!("{place}.package"))?;
        let off_peak = row.limited && catalog.limited == Limited::OffPeak;
        if off_peak && package.hours.is_none() {
            return fail(Code::HoursMissing, format!("{place}.{}", if renewal == 0 { "limited" } else { "at" }));
        }
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
            serving: Period { start: start.max(created), end },
            hours: package.hours.filter(|_| off_peak),
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
                extra_days: extra_days as u64,
            }),
        });
    }
    Ok(terms)
}

/// The version of a package on sale at an instant, checked against the purchase's region and API.
fn on_sale<'a>(catalog: &'a Catalog, request: &'a Request, row: &GrantRow, at: Instant, place: &str) -> Result<(usize, &'a Package)> {
    let typed_in = &request.entered.packages;
    let entered = typed_in.iter().any(|it| it.id == row.package);
    let rows = if entered { typed_in } else { &catalog.packages };
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
    let offered = |api: &Api| row.api.as_ref().is_none_or(|only| *only == api.id) && sold(package, entered, api, &row.region);
    if !catalog.apis.iter().any(offered) {
        return fail(Code::PackageNotSold, format!("{place}.region"));
    }
    Ok((version, package))
}

/// Whether a package is sold for an API in a region: where the catalog lists both; one that a person typed in, also in the regions that it names.
pub(crate) fn sold(package: &Package, entered: bool, api: &Api, region: &str) -> bool {
    let listed = among(&api.regions, region) || (entered && package.regions.is_some());
    package.apis.contains(&api.id) && among(&package.regions, region) && listed
}

/// One grant for each free quota; APIs that share a quota share the grant.
pub(crate) fn free_quotas(catalog: &Catalog) -> Vec<Grant> {
    let Some(class) = catalog.free_class() else { return Vec::new() };
    let mut quotas: Vec<(Option<&str>, Grant)> = Vec::new();
    for (api, free) in catalog.apis.iter().enumerate().filter_map(|(api, it)| it.free.as_ref().map(|free| (api, free))) {
        let shared = quotas.iter_mut().find(|(name, _)| name.is_some() && *name == free.shared.as_deref());
        if let Some((_, grant)) = shared {
            grant.apis.push(api);
            continue;
        }
        let regions = free.regions.as_ref().map(|regions| regions.iter().filter_map(|region| catalog.region(region)).collect());
        let grant = Grant {
            id: format!("free:{}", catalog.apis[api].id),
            class,
            kind: ClassKind::Free,
            apis: vec![api],
            regions,
            project: None,
            limited: false,
            created: Period::ALWAYS.start,
            term: Period::ALWAYS,
            serving: Period::ALWAYS,
            hours: None,
            unit: Unit::Call,
            quota: free.calls.0,
            used_before: 0,
            source: Source::Free(free.every),
        };
        quotas.push((free.shared.as_deref(), grant));
    }
    quotas.into_iter().map(|(_, grant)| grant).collect()
}
