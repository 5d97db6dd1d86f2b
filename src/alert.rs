//! Warnings of money and of packages (L7): the balance, what is left in packages, what ends. Each fires once, at an exact instant.

use crate::account::{Account, Carried, CarriedLeft, Warnings};
use crate::catalog::Unit;
use crate::deduct::Deduction;
use crate::error::Result;
use crate::grant::Grant;
use crate::history::{Advice, Alert, AlertCode, AlertOf};
use crate::ledger::{Ledger, Outcome};
use crate::money::Amount;
use crate::purse::Purse;
use crate::question::Question;
use crate::sort::sort_by;
use crate::time::{DAY, Instant, Period};

/// Packages whose remainders add up: for the same APIs, in the same region, of one unit.
struct Group {
    apis: Vec<usize>,
    region: usize,
    unit: Unit,
    grants: Vec<usize>,
    /// Fired since the last one came into force.
    fired: bool,
}

/// What is watched, and what has fired.
pub(crate) struct Watch<'a> {
    question: &'a Question,
    warnings: &'a Warnings,
    groups: Vec<Group>,
    balance_fired: bool,
    /// What fired so far, with its instant.
    pub alerts: Vec<(Instant, Alert)>,
}

impl<'a> Watch<'a> {
    /// Watches what the account asks for, from what fired before.
    pub fn new(question: &'a Question, account: &'a Account) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let watched = question.grants.iter().enumerate().filter(|_| account.alerts.left_at_most.is_some());
        for (g, grant) in watched.filter(|(_, grant)| grant.purchase().is_some()) {
            let (mut apis, region) = (grant.apis.clone(), region(grant));
            sort_by(&mut apis, usize::cmp);
            match groups.iter_mut().find(|group| (&group.apis, group.region, group.unit) == (&apis, region, grant.unit)) {
                Some(group) => group.grants.push(g),
                None => groups.push(Group { apis, region, unit: grant.unit, grants: vec![g], fired: false }),
            }
        }
        let mut watch =
            Watch { question, warnings: &account.alerts, groups, balance_fired: account.carried.balance_fired, alerts: Vec::new() };
        for row in &account.carried.left_fired {
            for i in 0..watch.groups.len() {
                watch.groups[i].fired |= watch.carried_left(&watch.groups[i]) == *row;
            }
        }
        watch
    }

    fn carried_left(&self, group: &Group) -> CarriedLeft {
        let catalog = &self.question.catalog;
        CarriedLeft {
            apis: group.apis.iter().map(|&api| catalog.apis[api].id.clone()).collect(),
            region: catalog.regions[group.region].id.clone(),
            points: group.unit == Unit::Point,
        }
    }

    /// What the next history takes over.
    pub fn carry(&self, carried: &mut Carried) {
        carried.balance_fired = self.balance_fired;
        carried.left_fired = self.groups.iter().filter(|group| group.fired).map(|group| self.carried_left(group)).collect();
    }

    /// When a term is near enough to its end to be told.
    pub fn expiry_told(&self, grant: &Grant) -> Option<Instant> {
        let days = self.warnings.expires_within_days.filter(|days| days.0 > 0)?;
        let start = grant.term.start.max(grant.created);
        grant.ever_serves().then(|| Instant(grant.term.end.0 - days.0 as i64 * DAY).max(start))
    }

    /// Whether so many calls may take what is left in packages low enough.
    pub fn may_fire(&self, at: Instant, left: &[u64], calls: u64) -> bool {
        let Some(share) = self.warnings.left_at_most else { return false };
        self.groups.iter().enumerate().filter(|(_, group)| !group.fired).any(|(i, group)| {
            let (some, quota) = self.left(i, at, left);
            let takes = group
                .grants
                .iter()
                .flat_map(|&g| group.apis.iter().map(move |&api| self.question.grants[g].takes(self.question.points[api])));
            quota > 0 && some <= share.of(quota).saturating_add(calls.saturating_mul(takes.max().unwrap_or(1)))
        })
    }

    fn fire(&mut self, at: Instant, alert: Alert) {
        self.alerts.push((at, alert));
    }

    fn alert(&self, at: Instant, code: AlertCode, value: Amount, threshold: Amount, advice: Advice) -> Alert {
        let at = self.question.catalog.utc_offset.show(at);
        Alert { at, code, of: AlertOf::default(), value, threshold, advice, by: None, amount: None }
    }

    /// Arrears begin (C 2.3: the provider tells the account's creator).
    pub fn arrears(&mut self, at: Instant, purse: &Purse<'_>, frozen: Option<Instant>) -> Result<()> {
        let available = purse.available()?;
        let mut alert = self.alert(at, AlertCode::Arrears, available, Amount::ZERO, Advice::TopUp);
        alert.amount = Some(purse.owes()?.minus(available)?);
        alert.by = frozen.map(|frozen| self.question.catalog.utc_offset.show(frozen));
        self.fire(at, alert);
        Ok(())
    }

    /// Judges the balance after everything that moved at an instant.
    pub fn balance(&mut self, at: Instant, purse: &Purse<'_>) -> Result<()> {
        let Some(threshold) = self.warnings.balance_below else { return Ok(()) };
        let means = purse.means()?;
        let below = means < threshold;
        if below && !self.balance_fired {
            let mut alert = self.alert(at, AlertCode::BalanceBelow, means, threshold, Advice::TopUp);
            alert.amount = Some(threshold.minus(means)?);
            self.fire(at, alert);
        }
        self.balance_fired = below;
        Ok(())
    }

    /// Judges packages at an instant at which terms may start or end; those that come into force arm the alert again.
    pub fn packages(&mut self, at: Instant, left: &[u64]) {
        for i in 0..self.groups.len() {
            let of = |&&g: &&usize| self.question.grants[g].term.start.max(self.question.grants[g].created) == at;
            if self.groups[i].grants.iter().any(|g| of(&g) && self.question.grants[*g].ever_serves()) {
                self.groups[i].fired = false;
            }
            let (some, quota) = self.left(i, at, left);
            self.judge(i, at, some, quota);
        }
    }

    /// What is left in a group's packages in force, and what they hold.
    fn left(&self, group: usize, at: Instant, left: &[u64]) -> (u64, u64) {
        let here = self.groups[group].grants.iter().filter(|&&g| in_force(&self.question.grants[g], at));
        here.fold((0, 0), |(some, quota), &g| (some + left[g], quota + self.question.grants[g].quota))
    }

    fn judge(&mut self, group: usize, at: Instant, left: u64, quota: u64) {
        let Some(share) = self.warnings.left_at_most else { return };
        if quota == 0 || self.groups[group].fired || left > share.of(quota) {
            return;
        }
        self.groups[group].fired = true;
        let told = self.carried_left(&self.groups[group]);
        let mut alert = self.alert(at, AlertCode::PackageLeft, Amount::ratio(left, quota), share.amount(), Advice::Buy);
        alert.of = AlertOf { apis: Some(told.apis), region: Some(told.region), left: Some(left), quota: Some(quota), ..AlertOf::default() };
        self.fire(at, alert);
    }

    /// Judges packages after the calls of a stretch in which no term starts or ends. `before` is the account at the stretch's start.
    pub fn calls(&mut self, stretch: Period, before: &Deduction<'_>, left: &[u64]) {
        let Some(share) = self.warnings.left_at_most else { return };
        for i in 0..self.groups.len() {
            let (now, quota) = self.left(i, stretch.start, left);
            if quota == 0 || self.groups[i].fired || now > share.of(quota) {
                continue;
            }
            // The first second after which it is that low.
            let low = |until: i64| {
                let mut again = before.clone();
                again.advance(Period { start: stretch.start, end: Instant(until) }, &mut Ledger::default());
                self.left(i, stretch.start, &again.left).0 <= share.of(quota)
            };
            let (mut high, mut end) = (stretch.start.0, stretch.end.0);
            while high < end - 1 {
                let middle = high + (end - high) / 2;
                if low(middle) { end = middle } else { high = middle }
            }
            let window = self.question.window(Instant(end - 1));
            let mut again = before.clone();
            again.advance(Period { start: stretch.start, end: window.start.max(stretch.start) }, &mut Ledger::default());
            let (mut some, _) = self.left(i, stretch.start, &again.left);
            // Of its calls, the one that took it there.
            let mut ledger = Ledger::default();
            again.advance(window.within(stretch), &mut ledger);
            for entry in &ledger.entries {
                let Outcome::Drawn(draw) = &entry.outcome else { continue };
                if !self.groups[i].grants.contains(&draw.grant) || some <= share.of(quota) {
                    continue;
                }
                let takes = draw.units / entry.calls.max(1);
                let calls = (some - share.of(quota)).div_ceil(takes.max(1)).min(entry.calls);
                some -= calls * takes;
            }
            // A window may start before the packages do (K7); the alert does not.
            let started = self.groups[i].grants.iter().map(|&g| &self.question.grants[g]).filter(|grant| in_force(grant, stretch.start));
            let started = started.map(|grant| grant.term.start.max(grant.created)).max();
            self.judge(i, started.map_or(window.start, |started| started.max(window.start)), some, quota);
        }
    }

    /// Tells of the terms that are near their end now.
    pub fn expiries(&mut self, at: Instant, left: &[u64]) -> Result<()> {
        let question = self.question;
        for (g, (grant, &left)) in question.grants.iter().zip(left).enumerate() {
            let Some(purchase) = grant.purchase() else { continue };
            if self.expiry_told(grant) != Some(at) {
                continue;
            }
            let next = question.grants.get(g + 1).filter(|next| {
                let follows = next.purchase().is_some_and(|next| next.renewal == purchase.renewal + 1);
                follows && next.created <= at && next.term.start.max(next.created) <= grant.term.end
            });
            if left == 0 && next.is_some() {
                continue;
            }
            let days = self.warnings.expires_within_days.map_or(0, |days| days.0);
            let advice = if next.is_some() { Advice::UseUp } else { Advice::Renew };
            let mut alert = self.alert(at, AlertCode::PackageExpires, Amount::whole(left)?, Amount::whole(days)?, advice);
            alert.of.grant = Some(grant.id.clone());
            alert.by = Some(self.question.catalog.utc_offset.show(grant.term.end));
            self.fire(at, alert);
        }
        Ok(())
    }
}

fn region(grant: &Grant) -> usize {
    grant.regions.as_ref().and_then(|regions| regions.first().copied()).unwrap_or(0)
}

/// Whether a term runs, and is paid.
fn in_force(grant: &Grant, at: Instant) -> bool {
    grant.term.start.max(grant.created) <= at && at < grant.term.end
}
