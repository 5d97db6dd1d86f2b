//! What would have avoided a charge: changes of the request, tried out.
//!
//! A changed request is estimated over the same calls by the same engine; what it saves is the difference of what both cost,
//! packages included. Kept is one change: the one that saves most; of equals, the one that avoids most of the calls.

use crate::answer::Estimate;
use crate::catalog::{Catalog, Package, Profile, Unit};
use crate::count::Count;
use crate::error::Result;
use crate::estimate::answer_and_turns;
use crate::explain::Cause;
use crate::grant::Grant;
use crate::money::{Amount, sum};
use crate::purchase::{purchases, sold};
use crate::question::Question;
use crate::request::{Detail, GrantRow, PeriodRow, RenewalRow, Request};
use crate::rulebook::ClassKind;
use crate::sort::sort_by_key;
use crate::time::Instant;
use crate::usage::Stream;
use crate::value::Value;
use serde::Serialize;
use std::cmp::Reverse;
use std::rc::Rc;
use tsify::Tsify;

/// Changed requests that are estimated for one cause, at most.
const TRIALS_MAX: usize = 12;
/// APIs and regions, or purchases, that are looked at for one cause: those with the most charged calls.
pub(crate) const TARGETS_MAX: usize = 2;
/// Packages on sale of one kind - enough, several, most - that are tried.
const ON_SALE_MAX: usize = 2;
/// Renewals that are tried for what expired.
const RENEWALS_MAX: u64 = 3;

/// One change of a request.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Change {
    /// What to do.
    pub change: ChangeKind,
    /// The package to buy, or of the grant that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The grant that changes, as answers name it; of an order, its first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// For which API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The API that was called in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// The project from which the grant is unbound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Whose subscription ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// By how many seconds it comes earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<u64>,
    /// How many to buy, or terms to renew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The profile of which another reading would hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// That reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Buy this package, so many times, at this instant.
    Buy,
    /// Buy this grant at this instant instead.
    BuyEarlier,
    /// Renew this grant before it ends.
    Renew,
    /// Buy in the region that is called: this grant there instead, or, where none is named, a package in addition.
    BuyInRegion,
    /// Buy a package for the API that is called.
    BuyForApi,
    /// Take this grant out of its project.
    Unbind,
    /// End the subscription of the user who is still subscribed.
    CloseOther,
    /// End the subscription with the cycle before.
    SwitchOffEarlier,
    /// Call in the region where calls are free.
    CallOtherRegion,
    /// Call in the region of this grant.
    CallInRegion,
    /// Call the API that this grant is for, in the place of the one that was called.
    CallOtherApi,
    /// Nothing can be done; under another reading of the provider's texts there is no charge.
    ReadOtherwise,
}

impl ChangeKind {
    /// A change of this kind with nothing said about it yet.
    pub(crate) fn at(self, at: Option<String>) -> Change {
        Change {
            change: self,
            at,
            package: None,
            grant: None,
            region: None,
            api: None,
            instead: None,
            project: None,
            user: None,
            earlier: None,
            quantity: None,
            profile: None,
            option: None,
        }
    }

    /// Whether calls are meant to be refused.
    fn closes(self) -> bool {
        matches!(self, ChangeKind::CloseOther | ChangeKind::SwitchOffEarlier)
    }
}

impl Change {
    /// Whether something more is bought: without a price nobody knows what that saves.
    fn buys(&self) -> bool {
        match self.change {
            ChangeKind::Buy | ChangeKind::Renew | ChangeKind::BuyForApi => true,
            ChangeKind::BuyInRegion => self.grant.is_none(),
            _ => false,
        }
    }
}

/// The calls of one stream that were charged for one cause.
pub(crate) struct Hit {
    /// The cause.
    pub cause: Cause,
    /// Index of the stream.
    pub stream: usize,
    /// How many.
    pub calls: u64,
    /// The second of the first one.
    pub at: Instant,
    /// Its hour, as far as the API was open: something is bought with the hour, because counts by the hour say no more.
    pub hour: Instant,
}

/// The best change so far.
pub(crate) struct Best {
    /// The change.
    pub change: Change,
    /// Calls of the cause that it does not avoid.
    pub calls: u64,
    /// What it saves; `None` where a price is missing.
    pub saves: Option<Amount>,
}

/// What a changed request comes to.
pub(crate) struct Tried {
    /// Calls of the cause that the change does not avoid.
    calls: u64,
    /// Copies of the request's last order that paid for some call.
    drawn: u64,
    /// What these have left, in their unit.
    left: u64,
}

/// Tries out changes of one request, cause by cause.
pub(crate) struct Trials<'a> {
    /// The request, without its catalog and its calls, for the same period.
    pub asked: Request,
    given: &'a Request,
    /// The question that the request asks.
    pub question: Question,
    estimate: &'a Estimate,
    cost: Option<Amount>,
    cause: Cause,
    /// Calls that were charged for the cause.
    calls: u64,
    /// Trials that are left.
    left: usize,
    best: Option<Best>,
    /// Instants at which it matters, for a changed request, in which order calls were made.
    pub turns: Vec<Instant>,
}

impl<'a> Trials<'a> {
    /// Ready to try out changes of a request that got this answer.
    pub fn new(given: &'a Request, question: Question, estimate: &'a Estimate) -> Result<Self> {
        let period = PeriodRow { start: question.period.start, end: question.period.end };
        let asked = Request { catalog: Value::Null, usage: Vec::new(), period: Some(period), detail: Detail::Month, ..given.clone() };
        let cost = cost(&question, estimate)?;
        Ok(Trials { asked, given, question, estimate, cost, cause: Cause::NoPackage, calls: 0, left: 0, best: None, turns: Vec::new() })
    }

    /// The best change for the calls that were charged for one cause, if any saves money.
    pub fn best(&mut self, hits: &[&Hit]) -> Option<Best> {
        self.cause = hits.first()?.cause;
        (self.calls, self.left, self.best) = (hits.iter().map(|hit| hit.calls).sum(), TRIALS_MAX, None);
        self.try_all(hits);
        self.best.take()
    }

    fn try_all(&mut self, hits: &[&Hit]) {
        match self.cause {
            Cause::OtherProject => self.unbind(hits),
            Cause::UsedUp => self.buy_more(hits),
            Cause::Expired => self.renew(hits),
            Cause::NotYetEffective => self.buy_earlier(hits),
            Cause::OtherRegion => self.buy_where_called(hits),
            Cause::OtherApi => self.call_other_api(hits),
            Cause::FreeTrialOtherRegion => self.call_where_free(hits),
            Cause::OtherUser => self.close_other(hits),
            Cause::BeforeSwitchOff => self.switch_off_earlier(hits),
            Cause::OutsideHours | Cause::Waiting => self.read_otherwise(),
            Cause::NoPackage => {}
        }
        // A cause is the first that fits: whatever it is, a package for these calls may lie in another region.
        self.call_in_region(hits);
        let leaves_some = self.best.as_ref().is_none_or(|best| best.calls > 0);
        match self.cause {
            Cause::OtherApi => self.buy(hits, ChangeKind::BuyForApi),
            Cause::OtherRegion => self.buy(hits, ChangeKind::BuyInRegion),
            Cause::FreeTrialOtherRegion if leaves_some => self.buy(hits, ChangeKind::BuyInRegion),
            // Whatever is bought waits, too.
            Cause::Waiting => {}
            _ if leaves_some => self.buy(hits, ChangeKind::Buy),
            _ => {}
        }
    }

    /// Estimates a changed request and keeps the change if it is better than those before.
    pub(crate) fn try_one(&mut self, change: Change, request: &Request) -> Option<Tried> {
        let catalog = Rc::clone(&self.question.catalog);
        self.try_with(change, request, catalog)
    }

    fn try_with(&mut self, change: Change, request: &Request, catalog: Rc<Catalog>) -> Option<Tried> {
        self.left = self.left.checked_sub(1)?;
        // A change that cannot be, a package that was not sold then, is none.
        let mut changed = Question::about(request, catalog, &self.question.streams).ok()?;
        changed.streams = std::mem::take(&mut self.question.streams);
        let answer = answer_and_turns(&changed, Detail::Month);
        self.question.streams = std::mem::take(&mut changed.streams);
        let (answer, turns) = answer.ok()?;
        self.turns.extend(turns);
        // Calls that are charged for another cause now are not avoided.
        let of_cause = answer.causes.iter().find(|line| line.code == self.cause.code()).map_or(0, |line| line.calls);
        let fewer = self.estimate.calls.pay_per_use.saturating_sub(answer.calls.pay_per_use);
        let calls = of_cause.max(self.calls.saturating_sub(fewer));
        let cost = cost(&changed, &answer).ok()?;
        let saves = self.cost.zip(cost).map(|(before, after)| before.minus(after)).transpose().ok()?;
        let saving = saves.map_or(!change.buys(), |saves| saves > Amount::ZERO);
        let refuses = answer.calls.rejected > self.estimate.calls.rejected && !change.change.closes();
        let better = self.best.as_ref().is_none_or(|best| (Reverse(saves), calls) < (Reverse(best.saves), best.calls));
        if saving && better && !refuses && calls < self.calls {
            self.best = Some(Best { change, calls, saves });
        }
        let mut tried = Tried { calls, drawn: 0, left: 0 };
        let terms = changed.grants.iter().filter_map(Grant::purchase).zip(&answer.grants);
        for (_, term) in terms.filter(|(purchase, term)| purchase.row + 1 == request.grants.len() && term.used > 0) {
            (tried.drawn, tried.left) = (tried.drawn + 1, tried.left + (term.quota - term.used));
        }
        Some(tried)
    }

    fn show(&self, at: Instant) -> Option<String> {
        Some(self.question.catalog.utc_offset.show(at))
    }

    /// The APIs and regions in which calls were charged for the cause, those with the largest amounts first; each with its first call.
    pub(crate) fn targets(&self, hits: &[&Hit]) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for hit in hits {
            let stream = &self.question.streams[hit.stream];
            match targets.iter_mut().find(|target| (target.api, target.region) == (stream.api, stream.region)) {
                Some(target) => (target.calls, target.hour) = (target.calls + hit.calls, target.hour.min(hit.hour)),
                None => targets.push(Target { api: stream.api, region: stream.region, calls: hit.calls, hour: hit.hour }),
            }
        }
        sort_by_key(&mut targets, |target| Reverse((self.amount(target), target.calls)));
        targets
    }

    /// What was charged for the cause there; `None` where a price is missing.
    fn amount(&self, target: &Target) -> Option<Amount> {
        let catalog = &self.question.catalog;
        let (api, region) = (&catalog.apis[target.api].id, &catalog.regions[target.region].id);
        let lines = self.estimate.lines.iter().filter(|line| line.api == *api && line.region == *region);
        sum(lines.flat_map(|line| &line.causes).filter(|cause| cause.code == self.cause.code()).map(|cause| cause.amount)).ok().flatten()
    }

    /// For each hit the purchase that a function picks, by order: index of the grant, charged calls, the first of them. Those with
    /// the most calls first.
    pub(crate) fn culprits(&self, hits: &[&Hit], pick: impl Fn(&Stream, Instant) -> Vec<usize>) -> Vec<Culprit> {
        let mut culprits: Vec<Culprit> = Vec::new();
        for hit in hits {
            let stream = &self.question.streams[hit.stream];
            for g in pick(stream, hit.at) {
                let Some((row, renewal)) = self.order_of(g) else { continue };
                let units = u128::from(hit.calls) * u128::from(self.question.grants[g].takes(self.question.points[stream.api]));
                let same = culprits.iter_mut().find(|other| self.order_of(other.grant) == Some((row, renewal)));
                match same {
                    Some(other) if other.stream == hit.stream => {}
                    Some(other) => {
                        (other.calls, other.units, other.hour) = (other.calls + hit.calls, other.units + units, other.hour.min(hit.hour));
                        other.stream = hit.stream;
                    }
                    None => culprits.push(Culprit { grant: g, row, calls: hit.calls, units, hour: hit.hour, stream: hit.stream }),
                }
            }
        }
        sort_by_key(&mut culprits, |culprit| Reverse(culprit.calls));
        culprits.truncate(TARGETS_MAX);
        culprits
    }

    /// The order of a grant, and which of its terms.
    fn order_of(&self, g: usize) -> Option<(usize, usize)> {
        self.question.grants[g].purchase().map(|purchase| (purchase.row, purchase.renewal))
    }

    /// Purchases that fit.
    pub(crate) fn purchases(&self, fits: impl Fn(&Grant) -> bool) -> Vec<usize> {
        let grants = self.question.grants.iter().enumerate();
        grants.filter(|(_, grant)| grant.purchase().is_some() && fits(grant)).map(|(g, _)| g).collect()
    }

    /// A change of a purchase.
    pub(crate) fn of_grant(&self, kind: ChangeKind, g: usize, at: Option<Instant>) -> Change {
        let grant = &self.question.grants[g];
        Change {
            grant: Some(grant.id.clone()),
            package: grant.purchase().map(|purchase| purchase.package.clone()),
            ..kind.at(at.and_then(|at| self.show(at)))
        }
    }

    fn unbind(&mut self, hits: &[&Hit]) {
        let bound = self.culprits(hits, |stream, at| {
            self.purchases(|it| it.serves(stream.api, stream.region) && !it.serves_project(stream.project.as_deref()) && it.in_term(at))
        });
        for culprit in bound {
            let mut request = self.asked.clone();
            let project = request.grants[culprit.row].project.take();
            self.try_one(Change { project, ..self.of_grant(ChangeKind::Unbind, culprit.grant, None) }, &request);
        }
    }

    /// More of what ran out, bought at the same time: as many as pay for some call, or one fewer.
    fn buy_more(&mut self, hits: &[&Hit]) {
        let emptied = self.culprits(hits, |stream, at| self.purchases(|it| could_serve(it, stream) && it.in_term(at)));
        for culprit in emptied {
            let grant = &self.question.grants[culprit.grant];
            let takes = grant.takes(self.question.points[self.question.streams[culprit.stream].api]);
            let mut quantity = u64::try_from(culprit.units.div_ceil(u128::from(grant.quota.max(1)))).unwrap_or(u64::MAX);
            let Some(mut tried) = self.try_more(&culprit, quantity) else { continue };
            // Some of them may pay for other calls.
            if tried.calls > 0 && tried.drawn == quantity && tried.left < takes {
                let twice = quantity.saturating_mul(2);
                if let Some(more) = self.try_more(&culprit, twice).filter(|more| more.calls < tried.calls) {
                    (quantity, tried) = (twice, more);
                }
            }
            // Or they end before the calls do, and fewer are enough.
            if 0 < tried.drawn && tried.drawn < quantity {
                quantity = tried.drawn;
                self.try_more(&culprit, quantity);
            }
            if quantity > 1 {
                self.try_more(&culprit, quantity - 1);
            }
        }
    }

    fn try_more(&mut self, culprit: &Culprit, quantity: u64) -> Option<Tried> {
        let (grant, mut request) = (&self.question.grants[culprit.grant], self.asked.clone());
        let row = &self.asked.grants[culprit.row];
        let renewal = grant.purchase().and_then(|purchase| purchase.renewal.checked_sub(1)).map(|i| &row.renewals[i]);
        let (created, effective, price) = match renewal {
            None => (row.created, row.effective, row.price),
            Some(renewal) => (grant.serving.start, None, renewal.price),
        };
        let more = GrantRow {
            id: None,
            quantity: Some(Count(quantity)),
            created,
            effective,
            price,
            used: None,
            renewals: Vec::new(),
            ..row.clone()
        };
        let change = Change {
            region: Some(row.region.clone()),
            project: row.project.clone(),
            quantity: Some(quantity),
            ..self.of_grant(ChangeKind::Buy, culprit.grant, Some(created))
        };
        request.grants.push(more);
        self.try_one(change, &request)
    }

    /// What expired last before the calls, renewed at its last second; once more for each term until nothing more is gained.
    fn renew(&mut self, hits: &[&Hit]) {
        let expired = self.culprits(hits, |stream, at| {
            let ended = self.purchases(|it| could_serve(it, stream) && it.serving.end <= at);
            ended.into_iter().max_by_key(|&g| self.question.grants[g].serving.end).into_iter().collect()
        });
        for culprit in expired {
            let mut request = self.asked.clone();
            let mut before = self.calls;
            for terms in 1..=RENEWALS_MAX {
                let Some(end) = last_end(&self.question.catalog, &request, culprit.row) else { break };
                request.grants[culprit.row].renewals.push(RenewalRow { at: Instant(end.0 - 1), ..RenewalRow::default() });
                let at = Instant(self.question.grants[culprit.grant].term.end.0 - 1);
                let change = Change { quantity: Some(terms), ..self.of_grant(ChangeKind::Renew, culprit.grant, Some(at)) };
                match self.try_one(change, &request) {
                    Some(tried) if tried.calls > 0 && tried.calls < before => before = tried.calls,
                    _ => break,
                }
            }
        }
    }

    fn buy_earlier(&mut self, hits: &[&Hit]) {
        let later = self.culprits(hits, |stream, at| {
            let starting = self.purchases(|it| could_serve(it, stream) && it.serving.start > at);
            starting.into_iter().min_by_key(|&g| self.question.grants[g].serving.start).into_iter().collect()
        });
        for culprit in later {
            let mut request = self.asked.clone();
            let row = &mut request.grants[culprit.row];
            (row.created, row.effective) = (culprit.hour, None);
            let earlier = u64::try_from(self.question.grants[culprit.grant].serving.start.0 - culprit.hour.0).ok();
            let change = Change { earlier, ..self.of_grant(ChangeKind::BuyEarlier, culprit.grant, Some(culprit.hour)) };
            self.try_one(change, &request);
        }
    }

    /// What was bought elsewhere, bought in the region that is called.
    fn buy_where_called(&mut self, hits: &[&Hit]) {
        let elsewhere = self.culprits(hits, |stream, at| self.purchases(|it| lies_elsewhere(it, stream) && it.in_term(at)));
        for culprit in elsewhere {
            let region = self.question.catalog.regions[self.question.streams[culprit.stream].region].id.clone();
            let mut request = self.asked.clone();
            request.grants[culprit.row].region = region.clone();
            let at = request.grants[culprit.row].created;
            self.try_one(Change { region: Some(region), ..self.of_grant(ChangeKind::BuyInRegion, culprit.grant, Some(at)) }, &request);
        }
    }

    /// The subscription of the user who is still subscribed, ended when the other's ended.
    fn close_other(&mut self, hits: &[&Hit]) {
        let mut callers: Vec<(usize, usize, String, u64)> = Vec::new();
        for hit in hits {
            let stream = &self.question.streams[hit.stream];
            let Some(user) = &stream.user else { continue };
            match callers.iter_mut().find(|(api, region, of, _)| (*api, *region) == (stream.api, stream.region) && of == user) {
                Some((.., calls)) => *calls += hit.calls,
                None => callers.push((stream.api, stream.region, user.clone(), hit.calls)),
            }
        }
        sort_by_key(&mut callers, |(.., calls)| Reverse(*calls));
        for (api, region, user, _) in callers.into_iter().take(TARGETS_MAX) {
            let Some(access) = &self.question.access else { return };
            let others = access.switch_offs.iter().filter(|off| (off.api, off.region) == (api, region));
            let ended = others.filter(|off| off.user.as_ref().is_some_and(|other| *other != user)).map(|off| off.at).min();
            let Some(at) = ended else { continue };
            let (api, region) = (self.question.catalog.apis[api].id.clone(), self.question.catalog.regions[region].id.clone());
            let mut request = self.asked.clone();
            for row in request.subscriptions.iter_mut().flatten() {
                let own = row.api == api && row.region == region && row.user.as_deref() == Some(user.as_str());
                if own && row.from < at && row.until.is_none_or(|until| until > at) {
                    row.until = Some(at);
                }
            }
            let change = Change { api: Some(api), region: Some(region), user: Some(user), ..ChangeKind::CloseOther.at(self.show(at)) };
            self.try_one(change, &request);
        }
    }

    /// The switch-off, at the start of its cycle.
    fn switch_off_earlier(&mut self, hits: &[&Hit]) {
        let catalog = Rc::clone(&self.question.catalog);
        for Target { api, region, hour, .. } in self.targets(hits).into_iter().take(TARGETS_MAX) {
            let (api, region) = (catalog.apis[api].id.clone(), catalog.regions[region].id.clone());
            let cycle = catalog.settlement.cycle(catalog.utc_offset, hour);
            for (i, row) in self.asked.subscriptions.clone().into_iter().flatten().enumerate() {
                let here = row.api == api && row.region == region && row.from < cycle.start;
                let Some(until) = row.until.filter(|&until| here && until > hour && cycle.contains(until)) else { continue };
                let mut request = self.asked.clone();
                request.subscriptions.iter_mut().flatten().skip(i).take(1).for_each(|row| row.until = Some(cycle.start));
                let change = Change {
                    api: Some(api.clone()),
                    region: Some(region.clone()),
                    user: row.user,
                    earlier: u64::try_from(until.0 - cycle.start.0).ok(),
                    ..ChangeKind::SwitchOffEarlier.at(self.show(cycle.start))
                };
                self.try_one(change, &request);
            }
        }
    }

    /// Each other reading of what makes packages wait or serve certain hours only.
    fn read_otherwise(&mut self) {
        let field = if self.cause == Cause::Waiting { "stacking" } else { "limited" };
        let catalog = Rc::clone(&self.question.catalog);
        let asks = |profile: &&Profile| profile.options.iter().any(|option| option.set.get(field).is_some());
        for profile in catalog.profiles.iter().filter(asks) {
            for option in &profile.options {
                let mut chosen = self.given.profile.clone();
                chosen.0.retain(|(id, _)| *id != profile.id);
                chosen.0.push((profile.id.clone(), option.id.clone()));
                let read = Catalog::choose(&self.given.catalog, &chosen);
                let Ok(read) = read.and_then(|read| crate::lint::sound(&read).map(|()| read)) else { continue };
                let change =
                    Change { profile: Some(profile.id.clone()), option: Some(option.id.clone()), ..ChangeKind::ReadOtherwise.at(None) };
                let request = Request { profile: chosen, ..self.asked.clone() };
                self.try_with(change, &request, Rc::new(read));
            }
        }
    }

    /// What is on sale for what was charged, bought in the hour of the first such call: a package that holds enough; where none does,
    /// several of one; or a smaller one, for most of the calls.
    fn buy(&mut self, hits: &[&Hit], kind: ChangeKind) {
        for target in self.targets(hits).into_iter().take(TARGETS_MAX) {
            for (package, quantity) in self.on_sale(hits, &target) {
                let region = self.question.catalog.regions[target.region].id.clone();
                let api = self.question.catalog.apis[target.api].id.clone();
                let mut request = self.asked.clone();
                request.grants.push(GrantRow {
                    package: package.clone(),
                    region: region.clone(),
                    quantity: Some(Count(quantity)),
                    created: target.hour,
                    ..GrantRow::default()
                });
                let (package, region, api, quantity) = (Some(package), Some(region), Some(api), Some(quantity));
                self.try_one(Change { package, region, api, quantity, ..kind.at(self.show(target.hour)) }, &request);
            }
            if self.best.is_some() {
                return;
            }
        }
    }

    /// Packages, and how many of each, in the order in which they are tried.
    fn on_sale(&self, hits: &[&Hit], target: &Target) -> Vec<(String, u64)> {
        let (api, region) = (&self.question.catalog.apis[target.api], &self.question.catalog.regions[target.region].id);
        let (mut enough, mut several, mut most) = (Vec::new(), Vec::new(), Vec::new());
        for (entered, package) in self.question.packages() {
            let sold = package.on_sale(target.hour) && sold(package, entered, api, region);
            let class = self.question.catalog.class(&package.class).map(|class| self.question.catalog.classes[class].kind);
            let sold = sold && class == Some(ClassKind::Package) && package.quota.0 > 0;
            let Some(price) = package.price.filter(|_| sold) else { continue };
            let copies = self.units(hits, target.region, package).div_ceil(u128::from(package.quota.0));
            let copies = u64::try_from(copies).unwrap_or(u64::MAX);
            let Ok(together) = price.times(copies) else { continue };
            if copies <= 1 {
                enough.push((package.id.clone(), 1, price));
            } else {
                several.push((package.id.clone(), copies, together));
                most.push((package.id.clone(), 1, package.quota.0));
            }
        }
        sort_by_key(&mut enough, |(.., price)| *price);
        sort_by_key(&mut several, |(.., price)| *price);
        sort_by_key(&mut most, |(.., quota)| Reverse(*quota));
        let several = several.into_iter().filter(|_| enough.is_empty()).take(ON_SALE_MAX);
        let several: Vec<(String, u64, Amount)> = several.collect();
        let whole = enough.into_iter().take(ON_SALE_MAX).chain(several).map(|(package, copies, _)| (package, copies));
        whole.chain(most.into_iter().take(ON_SALE_MAX).map(|(package, copies, _)| (package, copies))).collect()
    }

    /// What a package would have to hold for all calls charged in a region, in its unit.
    fn units(&self, hits: &[&Hit], region: usize, package: &Package) -> u128 {
        let mut units = 0;
        for hit in hits {
            let stream = &self.question.streams[hit.stream];
            if stream.region == region && package.apis.contains(&self.question.catalog.apis[stream.api].id) {
                let takes = if package.unit == Unit::Point { self.question.points[stream.api] } else { 1 };
                units += u128::from(hit.calls) * u128::from(takes);
            }
        }
        units
    }
}

/// What is charged, and all purchases, whenever they were paid: a change may move a purchase out of the period.
fn cost(question: &Question, estimate: &Estimate) -> Result<Option<Amount>> {
    let packages = sum(question.grants.iter().filter_map(|grant| grant.purchase()).map(|purchase| purchase.price))?;
    sum([estimate.pay_per_use, packages])
}

/// Calls of one API in one region that were charged for a cause.
pub(crate) struct Target {
    pub api: usize,
    pub region: usize,
    pub calls: u64,
    pub hour: Instant,
}

/// A purchase that did not pay for calls that were charged for a cause.
pub(crate) struct Culprit {
    /// The first grant of the order's term.
    pub grant: usize,
    /// Index of the request's grant row.
    pub row: usize,
    pub calls: u64,
    /// What the calls would have taken, in the grant's unit.
    pub units: u128,
    pub hour: Instant,
    /// The stream looked at last.
    pub stream: usize,
}

/// Whether a grant that is no free one is for the API that is called, in another region.
pub(crate) fn lies_elsewhere(grant: &Grant, stream: &Stream) -> bool {
    grant.kind != ClassKind::Free && grant.apis.contains(&stream.api) && !grant.serves_region(stream.region)
}

fn could_serve(grant: &Grant, stream: &Stream) -> bool {
    grant.serves(stream.api, stream.region) && grant.serves_project(stream.project.as_deref())
}

/// When the last term of an order ends.
fn last_end(catalog: &Catalog, request: &Request, row: usize) -> Option<Instant> {
    let terms = purchases(catalog, request).ok()?;
    terms.iter().filter(|grant| grant.purchase().is_some_and(|purchase| purchase.row == row)).map(|grant| grant.term.end).max()
}
