//! What costs belong to: projects, users, APIs, regions (L9).
//!
//! Always true: the parts of each split add up to the total, to the last digit; what has to be shared is shared by largest remainder.

use crate::bill::{Line, costs};
use crate::book::month_bill;
use crate::deduct::Tally;
use crate::error::Result;
use crate::grant::Grant;
use crate::history::{SplitBy, SplitLine};
use crate::ledger::Ledger;
use crate::money::Amount;
use crate::question::Question;
use crate::rulebook::BillAt;
use crate::sort::sort_by;
use std::cmp::Ordering;

/// Whose part: the place in the catalog's order, and the name. What has none comes last.
type Key = Option<(usize, String)>;

/// Parts by key.
type Parts = Vec<(Key, Amount)>;

const ALL: [SplitBy; 4] = [SplitBy::Project, SplitBy::User, SplitBy::Api, SplitBy::Region];

/// The parts of a total.
pub(crate) struct Split<'a> {
    question: &'a Question,
    parts: [Parts; 4],
    /// Of the month that is counted, where the month's sum is cut: what its lines come to.
    month: [Parts; 4],
}

impl<'a> Split<'a> {
    /// Nothing yet.
    pub fn new(question: &'a Question) -> Self {
        Split { question, parts: Default::default(), month: Default::default() }
    }

    /// A package was paid.
    pub fn bought(&mut self, grant: &Grant, price: Amount) -> Result<()> {
        let catalog = &self.question.catalog;
        let region = grant.regions.iter().flatten().next().map(|&region| (region, catalog.regions[region].id.clone()));
        let api = (grant.apis.len() == 1).then(|| (grant.apis[0], catalog.apis[grant.apis[0]].id.clone()));
        for (parts, key) in self.parts.iter_mut().zip([named(&grant.project), None, api, region]) {
            add(parts, key, price)?;
        }
        Ok(())
    }

    /// A cycle was settled: its lines with what each is charged.
    pub fn settle(&mut self, ledger: &Ledger, tallies: &[Tally], lines: &[(Line, Amount)]) -> Result<()> {
        let (question, bill) = (self.question, self.question.catalog.rounding.bill);
        let costs = costs(question, &ledger.entries, tallies)?;
        let to = if bill.at == BillAt::Month { &mut self.month } else { &mut self.parts };
        for (line, charged) in lines {
            let first = question.streams.partition_point(|stream| stream.group < line.group);
            let stream = &question.streams[first];
            let api = (stream.api, question.catalog.apis[stream.api].id.clone());
            let region = (stream.region, question.catalog.regions[stream.region].id.clone());
            for (by, key) in [(0, named(&stream.project)), (2, Some(api)), (3, Some(region))] {
                add(&mut to[by], key, *charged)?;
            }
            let mut users: Parts = Vec::new();
            for &(s, cost) in costs.iter().filter(|&&(s, _)| question.streams[s].group == line.group) {
                add(&mut users, named(&question.streams[s].user), cost)?;
            }
            if bill.at == BillAt::Line {
                users = shared(*charged, users, bill.places);
            }
            for (key, amount) in users {
                add(&mut to[1], key, amount)?;
            }
        }
        Ok(())
    }

    /// A month is over whose sum is cut: what it is charged is shared.
    pub fn close_month(&mut self, sum: Amount) -> Result<()> {
        let charged = month_bill(self.question, sum);
        let places = self.question.catalog.rounding.bill.places;
        for (parts, of_month) in self.parts.iter_mut().zip(std::mem::take(&mut self.month)) {
            for (key, amount) in shared(charged, of_month, places) {
                add(parts, key, amount)?;
            }
        }
        Ok(())
    }

    /// Every part, in order.
    pub fn lines(self) -> Vec<SplitLine> {
        let mut lines = Vec::new();
        for (by, mut parts) in ALL.into_iter().zip(self.parts) {
            sort_by(&mut parts, order);
            parts.retain(|(_, amount)| *amount != Amount::ZERO);
            lines.extend(parts.into_iter().map(|(key, amount)| SplitLine { by, key: key.map(|(_, name)| name), amount }));
        }
        lines
    }
}

/// The key of a project or user; an empty name is none.
fn named(name: &Option<String>) -> Option<(usize, String)> {
    name.clone().filter(|it| !it.is_empty()).map(|it| (0, it))
}

fn add(parts: &mut Parts, key: Key, amount: Amount) -> Result<()> {
    match parts.iter_mut().find(|(of, _)| *of == key) {
        Some((_, sum)) => *sum = sum.plus(amount)?,
        None => parts.push((key, amount)),
    }
    Ok(())
}

/// The catalog's order, then code points; what has no key comes last.
fn order(a: &(Key, Amount), b: &(Key, Amount)) -> Ordering {
    (a.0.is_none(), &a.0).cmp(&(b.0.is_none(), &b.0))
}

/// An amount shared by weights; where nothing weighs anything, it belongs to nobody.
fn shared(amount: Amount, mut weights: Parts, places: crate::money::Places) -> Parts {
    sort_by(&mut weights, order);
    let of: Vec<Amount> = weights.iter().map(|(_, weight)| *weight).collect();
    if of.iter().all(|&weight| weight == Amount::ZERO) {
        return vec![(None, amount)];
    }
    weights.into_iter().map(|(key, _)| key).zip(amount.split(&of, places)).collect()
}
