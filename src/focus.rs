//! The answer as a FOCUS 1.2 Cost and Usage dataset: one row for each slice of a line, each month that a grant paid for, each
//! package bought, and each one that expired with something left.
//!
//! Always true: BilledCost adds up to the total of the answer. A package's EffectiveCost, over its whole term, adds up to its price:
//! each draw takes its part of the price, what expires takes the rest. A pay-per-use row has its unit price uncut; what the bill's
//! cut drops is missing in BilledCost and EffectiveCost, spread by largest remainder.

use crate::answer::{BillLine, Estimate, LineKind, PaidLine};
use crate::book::because_line;
use crate::catalog::{Package, Unit};
use crate::error::{Code, PricingError, Result, fail};
use crate::grant::{Grant, Purchase};
use crate::money::Amount;
use crate::question::Question;
use crate::rulebook::{BillAt, ClassKind};
use crate::sort::sort_by_key;
use crate::table::Table;
use crate::tariff::Slice;
use crate::time::{Instant, Period};
use std::fmt::Display;

macro_rules! columns {
    ($($name:ident)*) => {
        #[derive(Clone, Copy)]
        #[allow(non_camel_case_types)]
        enum Column { $($name),* }

        /// The header row: the columns of FOCUS, then ours.
        pub const COLUMNS: &[&str] = &[$(stringify!($name)),*];
    };
}

columns! {
    BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
    ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
    CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus
    CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost
    InvoiceId InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName PublisherName
    RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName ServiceSubcategory
    SkuId SkuMeter SkuPriceDetails SkuPriceId
    x_Cause x_Class x_DebitedAt x_Entered x_Grant x_Project x_Rule x_StepFrom x_StepUpTo
}

/// What a row is for, with its own figures.
enum Charge<'a> {
    /// A term of a copy of a package was paid.
    Bought(usize),
    /// A grant paid for calls; its part of the price.
    Paid(&'a PaidLine, usize, Amount),
    /// Nothing covered calls; what the bill charges for them.
    Charged(&'a BillLine, &'a Slice, Amount),
    /// A grant ended with something left, and took the rest of its price with it.
    Lost(usize, u64, Amount),
}

/// A row to be written: its billing period, its charge period, and what it is for.
type Item<'a> = (Period, Period, Charge<'a>);

/// The dataset as CSV. Fails with `no_published_price` where a cost is not known: FOCUS has no word for that.
pub fn focus(question: &Question, estimate: &Estimate) -> Result<String> {
    if let (None, Some(unpriced)) = (estimate.total, estimate.unpriced.first()) {
        return fail(Code::NoPublishedPrice, unpriced.place.clone());
    }
    let mut items = grants(question, estimate)?;
    items.extend(charges(question, estimate)?);
    sort_by_key(&mut items, |(month, when, _)| (month.start, when.start, when.end));
    let mut table = Table::new(COLUMNS);
    for item in &items {
        for cell in row(question, item)?.0 {
            match cell {
                Cell::Plain(it) => table.plain(&it),
                Cell::Text(it) => table.text(&it),
            };
        }
        table.end();
    }
    Ok(table.finish())
}

/// Purchases, what they and free quotas paid, and what expired.
fn grants<'a>(question: &'a Question, estimate: &'a Estimate) -> Result<Vec<Item<'a>>> {
    let zone = question.catalog.utc_offset;
    let month_of = |at| zone.month_period(zone.month(at));
    let mut by_id: Vec<usize> = (0..question.grants.len()).collect();
    sort_by_key(&mut by_id, |&g| question.grants[g].id.as_str());
    let mut items = Vec::new();
    for (g, grant) in question.grants.iter().enumerate() {
        if grant.purchase().is_some() && question.period.contains(grant.created) {
            items.push((month_of(grant.created), grant.term, Charge::Bought(g)));
        }
    }
    // Units of each grant whose part of the price is spoken for: first those drawn before the period.
    let mut drawn: Vec<u64> = question.grants.iter().map(|_| 0).collect();
    for (g, grant) in estimate.grants.iter().enumerate() {
        drawn[g] = grant.used;
    }
    let mut paid: Vec<(&PaidLine, usize)> = Vec::new();
    for line in &estimate.paid {
        if let Ok(place) = by_id.binary_search_by(|&g| question.grants[g].id.cmp(&line.grant)) {
            let g = by_id[place];
            drawn[g] = drawn[g].saturating_sub(line.units);
            paid.push((line, g));
        }
    }
    sort_by_key(&mut paid, |(line, _)| line.month.as_str());
    for (line, g) in paid {
        let grant = &question.grants[g];
        let mut part = Amount::ZERO;
        if grant.purchase().is_some() {
            let price = price(grant)?;
            let before = price.part(drawn[g], grant.quota);
            drawn[g] += line.units;
            part = price.part(drawn[g], grant.quota).minus(before)?;
        }
        // An instant that lies in this month in every zone.
        let month = month_of(Instant::shown(&format!("{}-15T00:00:00Z", line.month))?);
        items.push((month, month.within(question.period).within(grant.serving), Charge::Paid(line, g, part)));
    }
    for (g, (used, grant)) in estimate.grants.iter().zip(&question.grants).enumerate() {
        // A term that was paid only after its end is lost at once.
        let lost = Instant(grant.term.end.0 - 1).max(grant.created);
        if question.period.contains(lost) {
            let rest = price(grant)?.minus(price(grant)?.part(used.used, grant.quota))?;
            if used.expired > 0 || rest > Amount::ZERO {
                items.push((month_of(lost), Period { start: lost, end: Instant(lost.0 + 1) }, Charge::Lost(g, used.expired, rest)));
            }
        }
    }
    Ok(items)
}

/// The price of a purchase; not known is an error here.
fn price(grant: &Grant) -> Result<Amount> {
    let purchase = grant.purchase();
    let row = purchase.map_or(0, |purchase| purchase.row);
    purchase.and_then(|it| it.price).ok_or_else(|| PricingError::new(Code::NoPublishedPrice, format!("request.grants[{row}].price")))
}

/// The slices of pay-per-use lines with their parts of what is charged: of the line, or of the month where that is cut once.
fn charges<'a>(question: &'a Question, estimate: &'a Estimate) -> Result<Vec<Item<'a>>> {
    let zone = question.catalog.utc_offset;
    let rounding = question.catalog.rounding;
    let places = rounding.line.places.max(rounding.bill.places);
    let mut items: Vec<Item<'a>> = Vec::new();
    for line in estimate.lines.iter().filter(|line| line.kind == LineKind::PayPerUse) {
        let cycle = Period { start: Instant::shown(&line.cycle.start)?, end: Instant::shown(&line.cycle.end)? };
        let month = zone.month_period(zone.month(cycle.start));
        let exact: Vec<Amount> = line.slices.iter().map(|slice| slice.amount.unwrap_or_default()).collect();
        let billed = match rounding.bill.at {
            BillAt::Line => line.charged.unwrap_or_default().split(&exact, places),
            BillAt::Month => exact,
        };
        items.extend(line.slices.iter().zip(billed).map(|(slice, billed)| (month, cycle, Charge::Charged(line, slice, billed))));
    }
    if rounding.bill.at == BillAt::Month {
        for of_month in items.chunk_by_mut(|a, b| a.0 == b.0) {
            let month = zone.month(of_month[0].0.start).to_string();
            let charged = estimate.months.iter().find(|it| it.month == month).and_then(|it| it.pay_per_use).unwrap_or_default();
            let mut parts = Vec::new();
            for (.., charge) in of_month {
                if let Charge::Charged(.., billed) = charge {
                    parts.push(billed);
                }
            }
            let exact: Vec<Amount> = parts.iter().map(|part| **part).collect();
            for (part, billed) in parts.into_iter().zip(charged.split(&exact, places)) {
                *part = billed;
            }
        }
    }
    Ok(items)
}

/// A number, an instant or a word of ours; or a text that a person or a catalog wrote.
#[derive(Clone)]
enum Cell {
    Plain(String),
    Text(String),
}

/// The cells of a row. Its functions are not compiled anew for every column: a file is not worth the download.
struct Row(Vec<Cell>);

impl Row {
    /// A number, an instant or a word of ours.
    #[inline(never)]
    fn plain(&mut self, column: Column, it: &dyn Display) {
        self.0[column as usize] = Cell::Plain(it.to_string());
    }

    /// A text that a person or a catalog wrote.
    #[inline(never)]
    fn text(&mut self, column: Column, it: &str) {
        self.0[column as usize] = Cell::Text(it.to_string());
    }

    /// A figure of type Decimal. It has a point, because readers that guess types take a column of whole numbers for another type.
    #[inline(never)]
    fn decimal(&mut self, column: Column, it: &dyn Display) {
        let digits = it.to_string();
        self.0[column as usize] = Cell::Plain(if digits.contains('.') { digits } else { digits + ".0" });
    }

    fn project(&mut self, project: &Option<String>) {
        if let Some(project) = project {
            self.text(Column::x_Project, project);
        }
    }

    fn entered(&mut self, entered: bool) {
        if entered {
            self.plain(Column::x_Entered, &true);
        }
    }

    /// Cost columns and their unit prices, for a quantity that is priced by the unit.
    fn priced(&mut self, quantity: Amount, unit: &str, list: Option<Amount>, contracted: Option<Amount>, cost: (Amount, Amount)) {
        self.decimal(Column::PricingQuantity, &quantity);
        self.plain(Column::PricingUnit, &unit);
        for (column, price) in [(Column::ListUnitPrice, list), (Column::ContractedUnitPrice, contracted)] {
            if let Some(price) = price {
                self.decimal(column, &price);
            }
        }
        self.decimal(Column::ListCost, &cost.0);
        self.decimal(Column::ContractedCost, &cost.1);
    }
}

fn row(question: &Question, (month, when, charge): &Item<'_>) -> Result<Row> {
    use Column::*;
    let catalog = &question.catalog;
    let provider = catalog.name.0.as_str();
    let mut row = Row(vec![Cell::Plain(String::new()); COLUMNS.len()]);
    // The account is not part of a question, and a catalog does not say which company invoices.
    row.text(BillingAccountId, &catalog.id);
    // Nothing of the kind: the account has no name here, nothing is a correction or stands on an invoice.
    for column in [BillingAccountName, ChargeClass, InvoiceId, SkuPriceDetails] {
        row.plain(column, &"");
    }
    row.text(BillingCurrency, &catalog.currency);
    row.plain(BillingPeriodStart, &month.start.utc());
    row.plain(BillingPeriodEnd, &month.end.utc());
    row.plain(ChargePeriodStart, &when.start.utc());
    row.plain(ChargePeriodEnd, &when.end.utc());
    for column in [InvoiceIssuerName, ProviderName, PublisherName] {
        row.text(column, provider);
    }
    row.plain(ServiceCategory, &"AI and Machine Learning");
    row.plain(ServiceSubcategory, &"Other (AI and Machine Learning)");
    row.plain(ServiceName, &"OCR");
    row.decimal(BilledCost, &0);
    row.decimal(EffectiveCost, &0);
    row.plain(ChargeCategory, &"Usage");
    row.plain(ChargeFrequency, &"Usage-Based");
    row.plain(PricingCategory, &"Standard");
    match *charge {
        Charge::Bought(g) => bought(question, &mut row, &question.grants[g])?,
        Charge::Paid(line, g, part) => {
            let grant = &question.grants[g];
            let of = Of { api: &line.api, region: &line.region, at: when.start, calls: line.calls };
            covered(question, &mut row, grant, &of)?;
            commitment(question, &mut row, grant, line.units, Some("Used"));
            row.text(ChargeDescription, &format!("{}: paid by {}", api_name(question, &line.api), grant.id));
            row.decimal(EffectiveCost, &part);
            row.decimal(ConsumedQuantity, &line.calls);
            row.plain(ConsumedUnit, &"Calls");
            row.text(x_Grant, &grant.id);
            row.project(&line.project);
            let because = because_line(question, g, None).rule;
            row.text(x_Rule, if free(grant) { "F1" } else { &because });
        }
        Charge::Charged(line, slice, billed) => charged(question, &mut row, line, slice, billed)?,
        Charge::Lost(g, expired, rest) => {
            let grant = &question.grants[g];
            let (api, region) = (&catalog.apis[grant.apis[0]].id, region_of(question, grant));
            let calls = expired / grant.takes(question.points[grant.apis[0]]).max(1);
            covered(question, &mut row, grant, &Of { api, region, at: when.start, calls })?;
            commitment(question, &mut row, grant, expired, Some("Unused"));
            resource(question, &mut row, grant);
            row.text(ChargeDescription, &format!("{}: expired unused", package_name(question, grant)));
            row.decimal(EffectiveCost, &rest);
            row.text(x_Grant, &grant.id);
            row.project(&grant.project);
            row.plain(x_Rule, &"G6");
        }
    }
    Ok(row)
}

/// The purchase of a package. Its list price is the one of its row, where the row has one; what was paid can differ.
fn bought(question: &Question, row: &mut Row, grant: &Grant) -> Result<()> {
    use Column::*;
    let paid = price(grant)?;
    let list = grant.purchase().and_then(|purchase| package(question, purchase).price).unwrap_or(paid);
    row.priced(Amount::whole(1)?, "Packages", Some(list), Some(paid), (list, paid));
    row.decimal(BilledCost, &paid);
    row.plain(ChargeCategory, &"Purchase");
    row.plain(ChargeFrequency, &"One-Time");
    row.text(ChargeDescription, &format!("{}: bought", package_name(question, grant)));
    let id = grant.purchase().map_or("", |purchase| purchase.package.as_str());
    for column in [SkuId, SkuPriceId] {
        row.text(column, id);
    }
    row.plain(SkuMeter, &"Packages");
    region(question, row, region_of(question, grant));
    commitment(question, row, grant, grant.quota, None);
    resource(question, row, grant);
    row.plain(x_DebitedAt, &grant.created.utc());
    row.text(x_Grant, &grant.id);
    row.project(&grant.project);
    row.plain(x_Rule, &"P7");
    Ok(())
}

/// Calls of one API in one region.
struct Of<'a> {
    api: &'a str,
    region: &'a str,
    at: Instant,
    calls: u64,
}

/// Calls that a grant covers. Free ones are a step at no price; the list price of others is the first step of pay-per-use then,
/// before any step of volume. Where none is published, unit prices stay empty and both costs equal BilledCost, which is 0.
fn covered(question: &Question, row: &mut Row, grant: &Grant, of: &Of<'_>) -> Result<()> {
    let catalog = &question.catalog;
    let place = catalog.api(of.api).zip(catalog.region(of.region));
    let version = place.and_then(|(api, region)| question.price_version(api, region, of.at, None));
    let tariff = version.map(|version| question.ladder(version).tariff());
    let (price, per) = match tariff {
        _ if free(grant) => (Some(Amount::ZERO), 1),
        Some(tariff) => (tariff.steps[0].unit_price, tariff.per),
        None => (None, 1),
    };
    let cost = price.map_or(Ok(Amount::ZERO), |price| price.times_per(of.calls, per))?;
    row.priced(blocks(of.calls, per)?, &unit(per), price, price, (cost, cost));
    sku(row, of.api, of.region, if free(grant) { &"free" } else { &0 });
    region(question, row, of.region);
    Ok(())
}

/// Pay-per-use: one slice of a line.
fn charged(question: &Question, row: &mut Row, line: &BillLine, slice: &Slice, billed: Amount) -> Result<()> {
    use Column::*;
    let per = slice.per.unwrap_or(1);
    let (price, cost) = (slice.unit_price.unwrap_or_default(), slice.amount.unwrap_or_default());
    // A block that was begun costs as much as a whole one where the catalog says so.
    let quantity =
        if price.times_per(slice.calls, per)? == cost { blocks(slice.calls, per)? } else { Amount::whole(cost.reached_by(price))? };
    row.priced(quantity, &unit(per), Some(price), Some(price), (cost, cost));
    sku(row, &line.api, &line.region, &slice.from);
    region(question, row, &line.region);
    row.text(ChargeDescription, &format!("{}: pay-per-use", api_name(question, &line.api)));
    row.decimal(BilledCost, &billed);
    row.decimal(EffectiveCost, &billed);
    row.decimal(ConsumedQuantity, &slice.calls);
    row.plain(ConsumedUnit, &"Calls");
    row.plain(x_Cause, &words(line.causes.iter().map(|cause| cause.code.as_str())));
    row.plain(x_Rule, &words(line.causes.iter().map(|cause| cause.rule.as_str())));
    row.plain(x_DebitedAt, &Instant::shown(&line.debited_at)?.utc());
    row.entered(slice.entered);
    row.project(&line.project);
    row.plain(x_StepFrom, &slice.from);
    if let Some(up_to) = slice.up_to {
        row.plain(x_StepUpTo, &up_to);
    }
    Ok(())
}

/// Each word once, with spaces between them.
fn words<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = all.collect();
    words.dedup();
    words.join(" ")
}

/// The commitment that a purchase is, and whose draws and rest the other rows are. A free quota is none.
fn commitment(question: &Question, row: &mut Row, grant: &Grant, quantity: u64, status: Option<&str>) {
    use Column::*;
    let class = &question.catalog.classes[grant.class];
    row.text(x_Class, &class.id);
    if free(grant) {
        return;
    }
    if status.is_some() {
        row.plain(PricingCategory, &"Committed");
    }
    row.plain(CommitmentDiscountCategory, &"Usage");
    row.text(CommitmentDiscountId, &grant.id);
    row.text(CommitmentDiscountName, &package_name(question, grant));
    row.text(CommitmentDiscountType, &class.name.0);
    row.decimal(CommitmentDiscountQuantity, &quantity);
    row.plain(CommitmentDiscountUnit, &if grant.unit == Unit::Call { "Calls" } else { "Points" });
    if let Some(status) = status {
        row.plain(CommitmentDiscountStatus, &status);
    }
    row.entered(grant.purchase().is_some_and(|purchase| purchase.entered));
}

/// A package is a resource of its own; a call is none.
fn resource(question: &Question, row: &mut Row, grant: &Grant) {
    row.text(Column::ResourceId, &grant.id);
    row.text(Column::ResourceName, &package_name(question, grant));
    row.plain(Column::ResourceType, &"Package");
}

fn region(question: &Question, row: &mut Row, id: &str) {
    let name = question.catalog.region(id).map_or(id, |region| question.catalog.regions[region].name.0.as_str());
    row.text(Column::RegionId, id);
    row.text(Column::RegionName, name);
}

/// An API is a unit of sale, priced by region and step.
fn sku(row: &mut Row, api: &str, region: &str, step: &dyn Display) {
    row.text(Column::SkuId, api);
    row.text(Column::SkuPriceId, &format!("{api}/{region}/{step}"));
    row.plain(Column::SkuMeter, &"Calls");
}

/// Calls in units of `per`, exactly.
fn blocks(calls: u64, per: u64) -> Result<Amount> {
    Amount::whole(1)?.times_per(calls, per)
}

fn unit(per: u64) -> String {
    if per == 1 { "Calls".to_string() } else { format!("{per} Calls") }
}

fn free(grant: &Grant) -> bool {
    grant.kind == ClassKind::Free && grant.purchase().is_none()
}

fn region_of<'a>(question: &'a Question, grant: &Grant) -> &'a str {
    let region = grant.regions.as_ref().and_then(|regions| regions.first());
    region.map_or("", |&region| question.catalog.regions[region].id.as_str())
}

fn api_name<'a>(question: &'a Question, id: &'a str) -> &'a str {
    question.catalog.api(id).map_or(id, |api| question.catalog.apis[api].name.0.as_str())
}

/// The row of a package at its payment.
fn package<'a>(question: &'a Question, purchase: &Purchase) -> &'a Package {
    let rows = if purchase.entered { question.entered_packages.as_slice() } else { &question.catalog.packages };
    &rows[purchase.version]
}

fn package_name(question: &Question, grant: &Grant) -> String {
    let Some(purchase) = grant.purchase() else { return grant.id.clone() };
    package(question, purchase).name.as_ref().map_or_else(|| purchase.package.clone(), |name| name.0.clone())
}
