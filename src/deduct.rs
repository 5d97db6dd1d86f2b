//! Who pays for each call: the heart.
//!
//! Time is cut where anything but counts can change: starts and ends of grants, prices and subscriptions. Between two cuts every
//! stream has one payer until something runs out. So whole stretches are taken at once, and only the second in which a
//! grant or a ladder step runs out is taken stream by stream. The work does not grow with the number of calls.

use crate::access::Refusal;
use crate::catalog::{FreeEvery, Reset};
use crate::explain::{Cause, cause};
use crate::grant::Source;
use crate::ledger::{Charge, Draw, Entry, Ledger, Outcome, Priced, Told};
use crate::question::{LadderIndex, Question};
use crate::rulebook::Stacking;
use crate::sort::sort_by_key;
use crate::tariff::Shape;
use crate::time::{Instant, Month, Period};
use crate::usage::Cursor;
use std::cmp::Reverse;

/// Calls that stand on a price for one API, whatever its versions in that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The first row of the chain of versions (P4).
    pub chain: LadderIndex,
    /// Index of the API.
    pub api: usize,
    /// Calls so far: of the month, or of all time where the ladder never resets.
    pub calls: u64,
}

/// What is told about each entry. More costs more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// Counts only: every cause is `no_package`.
    Counts,
    /// And why calls cost money.
    Causes,
    /// And who paid exactly when.
    Draws,
}

/// The state of an account between two stretches of time, and the walk through them.
#[derive(Clone)]
pub struct Deduction<'a> {
    question: &'a Question,
    telling: Telling,
    cycle_of: &'a dyn Fn(Instant) -> Period,
    /// What each grant has left, in its unit.
    pub left: Vec<u64>,
    /// What stands on the ladders.
    pub tallies: Vec<Tally>,
    /// The month up to which it walked.
    pub month: Option<Month>,
    stood: bool,
    cursors: Vec<Cursor>,
    standings: Vec<Standing>,
    cuts: Vec<Instant>,
    next_cut: usize,
    needs: Vec<Vec<u64>>,
    drew: Vec<bool>,
    turns: Vec<Instant>,
}

/// Where a stream stands between two cuts.
#[derive(Clone, Debug)]
struct Standing {
    refused: Option<Refusal>,
    /// Why a call is refused that no grant covers.
    uncovered: Option<Refusal>,
    open: Period,
    payers: Vec<usize>,
    /// Grants in force for the API and region, in the order of purchase; only where one waits for another (K5).
    in_force: Vec<usize>,
    price: Option<Priced>,
    cause: Option<Cause>,
}

impl<'a> Deduction<'a> {
    /// The account before the first call.
    pub fn new(question: &'a Question, telling: Telling, cycle_of: &'a dyn Fn(Instant) -> Period) -> Self {
        let mut needs = Vec::new();
        for grant in &question.grants {
            let mut of_grant: Vec<u64> = grant.apis.iter().map(|&api| grant.takes(question.points[api])).collect();
            sort_by_key(&mut of_grant, |&takes| Reverse(takes));
            of_grant.dedup();
            needs.push(of_grant);
        }
        let groups = question.streams.last().map_or(0, |stream| stream.group + 1);
        let mut deduction = Deduction {
            question,
            telling,
            cycle_of,
            left: question.grants.iter().map(|grant| grant.quota - grant.used_before).collect(),
            tallies: Vec::new(),
            month: None,
            stood: false,
            cursors: vec![Cursor::default(); question.streams.len()],
            standings: Vec::new(),
            cuts: cuts(question, cycle_of),
            next_cut: 0,
            needs,
            drew: vec![false; groups],
            turns: Vec::new(),
        };
        deduction.open();
        deduction
    }

    /// Takes over what was used up before.
    fn open(&mut self) {
        let Some(opening) = &self.question.opening else { return };
        let month = self.question.catalog.utc_offset.month(opening.at);
        self.month = Some(month);
        for row in &opening.grants {
            if let Some(g) = self.question.grants.iter().position(|grant| grant.id == row.id) {
                self.left[g] = self.question.grants[g].quota - row.used.0;
            }
        }
        for row in opening.free.iter().filter(|row| row.month.is_none_or(|it| it == month)) {
            let quota =
                |grant: &crate::grant::Grant| matches!(grant.source, Source::Free(_)) && self.question.free_quota_name(grant) == row.api;
            if let Some(g) = self.question.grants.iter().position(quota) {
                self.left[g] = self.question.grants[g].quota - row.used.0;
            }
        }
        for row in opening.ladders.iter().filter(|row| row.month.is_none_or(|it| it == month)) {
            if let Some(api) = self.question.catalog.api(&row.api) {
                let tally = self.tally(self.question.chain(LadderIndex(row.ladder.0 as usize)), api);
                self.tallies[tally].calls = row.calls.0;
            }
        }
    }

    /// The next instant at or after `at` at which a request may come.
    pub fn next_request(&self, at: Instant) -> Option<Instant> {
        let streams = self.cursors.iter().zip(&self.question.streams);
        streams.filter_map(|(cursor, stream)| cursor.next_start(&stream.items, at)).min()
    }

    /// All instants so far at which it matters when exactly calls were made: where something changed within an hour, or ran out.
    pub fn turns(&self) -> Vec<Instant> {
        let zone = self.question.catalog.utc_offset;
        let within_an_hour = |&&cut: &&Instant| Period::ALWAYS.start < cut && zone.hour_start(cut) < cut;
        let changed = self.cuts[..self.next_cut].iter().filter(within_an_hour);
        changed.chain(&self.turns).copied().collect()
    }

    /// All seconds so far in which a grant or a step ran out, in the order of time.
    pub fn tight(&self) -> &[Instant] {
        &self.turns
    }

    /// Calls of successful requests in a stretch that follows those taken.
    pub fn calls_in(&mut self, stretch: Period) -> u64 {
        self.focus(stretch);
        (0..self.question.streams.len()).map(|s| self.calls_until(s, stretch.end)).sum()
    }

    /// Forgets what was drawn in the cycle that ended: a line's `used` looks at one cycle only.
    pub fn start_cycle(&mut self) {
        self.drew.fill(false);
    }

    /// Takes all requests of a stretch that lies within one month and one cycle; stretches follow each other in time.
    pub fn advance(&mut self, stretch: Period, ledger: &mut Ledger) {
        self.turn_month(stretch.start);
        let mut from = stretch.start;
        while from < stretch.end {
            let passed = self.cuts[self.next_cut..].iter().take_while(|&&cut| cut <= from).count();
            if passed > 0 || !self.stood {
                self.next_cut += passed;
                self.stand(from);
            }
            let to = self.cuts.get(self.next_cut).map_or(stretch.end, |&cut| cut.min(stretch.end));
            self.between_cuts(Period { start: from, end: to }, ledger);
            from = to;
        }
    }

    /// On the 1st, free quotas are given anew and ladders start at the first step.
    fn turn_month(&mut self, at: Instant) {
        let month = self.question.catalog.utc_offset.month(at);
        if self.month.replace(month).is_none_or(|before| before == month) {
            return;
        }
        for (g, grant) in self.question.grants.iter().enumerate() {
            if matches!(grant.source, Source::Free(FreeEvery::Month)) {
                self.left[g] = grant.quota;
            }
        }
        for tally in &mut self.tallies {
            if self.question.ladder(tally.chain).reset == Reset::Month {
                tally.calls = 0;
            }
        }
        self.stood = false;
    }

    /// Works out anew where every stream stands from this instant to the next cut.
    fn stand(&mut self, at: Instant) {
        self.stood = true;
        self.standings.clear();
        let question = self.question;
        let hour = question.catalog.utc_offset.hour(at);
        for stream in &question.streams {
            let user = stream.user.as_deref();
            let opening = question.access.as_ref().map(|access| access.admits(stream.api, stream.region, user, at));
            let serves = |&g: &usize| {
                let grant = &question.grants[g];
                let here = grant.serves(stream.api, stream.region) && grant.in_term(at);
                here && grant.serves_project(stream.project.as_deref()) && grant.serves_hour(hour)
            };
            let stop = question.stop(stream, at);
            let mut standing = Standing {
                refused: if opening == Some(None) { Some(Refusal::NotOpen) } else { stop.filter(|stop| stop.1).map(|stop| stop.0) },
                uncovered: stop.map(|stop| stop.0),
                open: opening.flatten().map_or(Period::ALWAYS, |opening| opening.gapless),
                // The next payer stands last, so that one that runs out is popped.
                payers: question.drawn.iter().copied().filter(serves).rev().collect(),
                in_force: Vec::new(),
                price: None,
                cause: None,
            };
            if question.catalog.stacking == Stacking::OneAtATime {
                let in_force = |g: &usize| question.grants[*g].serves(stream.api, stream.region) && question.grants[*g].in_term(at);
                standing.in_force = (0..question.grants.len()).filter(in_force).collect();
                sort_by_key(&mut standing.in_force, |&g| (question.grants[g].created, g));
            }
            if question.pay_per_use {
                let subscribed_since = opening.flatten().and_then(|opening| opening.subscribed_since);
                let version = question.price_version(stream.api, stream.region, at, subscribed_since);
                standing.price = version.map(|ladder| Priced { ladder, tally: self.tally(question.chain(ladder), stream.api) });
            }
            self.standings.push(standing);
        }
    }

    fn tally(&mut self, chain: LadderIndex, api: usize) -> usize {
        let found = self.tallies.iter().position(|tally| tally.chain == chain && tally.api == api);
        found.unwrap_or_else(|| {
            self.tallies.push(Tally { chain, api, calls: 0 });
            self.tallies.len() - 1
        })
    }

    fn between_cuts(&mut self, stretch: Period, ledger: &mut Ledger) {
        let mut from = stretch.start;
        while from < stretch.end {
            self.focus(Period { start: from, end: stretch.end });
            let tight = self.first_tight_second(Period { start: from, end: stretch.end });
            let window = match tight < stretch.end {
                true => {
                    self.turns.push(tight);
                    self.question.window(tight).within(Period { start: from, end: stretch.end })
                }
                false => Period { start: tight, end: tight },
            };
            self.take_stretch(Period { start: from, end: window.start }, ledger);
            self.take_window(window, ledger);
            from = window.end;
        }
    }

    fn focus(&mut self, period: Period) {
        for (cursor, stream) in self.cursors.iter_mut().zip(&self.question.streams) {
            cursor.focus(&stream.items, period);
        }
    }

    /// The grant that pays a stream's next call. Those that ran out are forgotten.
    fn payer(&mut self, s: usize) -> Option<usize> {
        while self.standings[s].payers.last().is_some_and(|&g| !self.has_a_call(s, g)) {
            self.standings[s].payers.pop();
        }
        self.first_payer(s)
    }

    fn first_payer(&self, s: usize) -> Option<usize> {
        let standing = &self.standings[s];
        if self.question.catalog.stacking == Stacking::AddUp {
            return standing.payers.last().copied();
        }
        // Of each class, only the grant bought first does not wait.
        let class = |g: usize| self.question.grants[g].class;
        let mut first: Option<usize> = None;
        for &g in standing.payers.iter().rev() {
            if first.is_none_or(|first| class(first) != class(g)) {
                first = standing.in_force.iter().copied().find(|&other| class(other) == class(g) && self.has_a_call(s, other));
            }
            if first == Some(g) {
                return first;
            }
        }
        None
    }

    /// Whether a grant has enough left for one call of a stream.
    fn has_a_call(&self, s: usize, g: usize) -> bool {
        self.left[g] >= self.takes(s, g)
    }

    fn calls_until(&self, s: usize, t: Instant) -> u64 {
        self.cursors[s].successful_until(&self.question.streams[s].items, t)
    }

    fn takes(&self, s: usize, g: usize) -> u64 {
        self.question.grants[g].takes(self.question.points[self.question.streams[s].api])
    }

    /// The first second in which a grant drops below what some call takes, or a ladder step is filled; the stretch's end if there is none.
    /// The cursors are focused on the stretch.
    fn first_tight_second(&mut self, stretch: Period) -> Instant {
        let mut drawing: Vec<(usize, usize)> = Vec::new();
        let mut climbing: Vec<(Priced, usize)> = Vec::new();
        let mut of_grants = vec![0_u128; self.left.len()];
        let mut of_tallies = vec![0_u128; self.tallies.len()];
        for s in 0..self.question.streams.len() {
            let calls = self.calls_until(s, stretch.end);
            if calls == 0 || self.standings[s].refused.is_some() {
                continue;
            }
            match (self.payer(s), self.standings[s].price) {
                (Some(g), _) => {
                    of_grants[g] += u128::from(calls) * u128::from(self.takes(s, g));
                    drawing.push((g, s));
                }
                (None, Some(price)) if self.uncovered_refused(s).is_none() => {
                    of_tallies[price.tally] += u128::from(calls);
                    climbing.push((price, s));
                }
                (None, _) => {}
            }
        }
        let mut tight = stretch.end;
        for (g, &demand) in of_grants.iter().enumerate().filter(|(_, demand)| **demand > 0) {
            let need = self.needs[g].iter().find(|&&need| need <= self.left[g]).copied().unwrap_or(0);
            let limit = u128::from(self.left[g] - need);
            if demand > limit {
                let draws = drawing.iter().filter(|(payer, _)| *payer == g);
                let demand = |t| draws.clone().map(|&(_, s)| u128::from(self.calls_until(s, t)) * u128::from(self.takes(s, g))).sum();
                tight = tight.min(first_second_above(stretch, limit, &demand));
            }
        }
        for (tally, &demand) in of_tallies.iter().enumerate().filter(|(_, demand)| **demand > 0) {
            // Streams may stand on different versions of one price; the step that is filled first is tight.
            let climbs = climbing.iter().filter(|(of, _)| of.tally == tally);
            let Some(room) = climbs.clone().filter_map(|&(price, _)| self.room(price)).min() else { continue };
            if demand > u128::from(room) {
                let demand = |t| climbs.clone().map(|&(_, s)| u128::from(self.calls_until(s, t))).sum();
                tight = tight.min(first_second_above(stretch, u128::from(room), &demand));
            }
        }
        tight
    }

    /// How many calls still fit into the step of a graduated ladder in which the next call stands; `None`: any number.
    fn room(&self, price: Priced) -> Option<u64> {
        let step = self.step_of_next_call(price)?;
        let last = self.question.ladder(price.ladder).tariff().last_call(step)?;
        Some(last - self.tallies[price.tally].calls)
    }

    /// Takes a stretch in which nobody's payer changes.
    fn take_stretch(&mut self, stretch: Period, ledger: &mut Ledger) {
        if stretch.start >= stretch.end {
            return;
        }
        let before = if self.telling == Telling::Draws { self.left.clone() } else { Vec::new() };
        for s in 0..self.question.streams.len() {
            let demand = self.cursors[s].demand_until(&self.question.streams[s].items, stretch.end);
            ledger.requests += demand.requests;
            self.note(s, demand.failed, Outcome::Failed, ledger);
            if demand.successful == 0 {
                continue;
            }
            match (self.standings[s].refused, self.payer(s)) {
                (Some(refusal), _) => self.note(s, demand.successful, Outcome::Refused(refusal), ledger),
                (None, Some(g)) => {
                    let units = demand.successful * self.takes(s, g);
                    self.left[g] -= units;
                    let told = (self.telling == Telling::Draws).then(|| self.tell(s, g, stretch, before[g]));
                    self.note(s, demand.successful, Outcome::Drawn(Draw { grant: g, units, told }), ledger);
                }
                (None, None) => self.charge(s, demand.successful, stretch, ledger),
            }
        }
    }

    /// Takes a window, stream by stream in the order of the contract: all its calls stand at its first second, and whatever runs
    /// out does so between two of them.
    fn take_window(&mut self, window: Period, ledger: &mut Ledger) {
        if window.start >= window.end {
            return;
        }
        self.focus(window);
        for s in 0..self.question.streams.len() {
            let demand = self.cursors[s].demand_until(&self.question.streams[s].items, window.end);
            ledger.requests += demand.requests;
            self.note(s, demand.failed, Outcome::Failed, ledger);
            if let Some(refusal) = self.standings[s].refused {
                self.note(s, demand.successful, Outcome::Refused(refusal), ledger);
                continue;
            }
            let mut calls = demand.successful;
            while calls > 0 {
                match self.payer(s) {
                    Some(g) => {
                        let takes = self.takes(s, g);
                        let paid = calls.min(self.left[g] / takes);
                        calls -= paid;
                        self.left[g] -= paid * takes;
                        self.standings.iter_mut().for_each(|standing| standing.cause = None);
                        let left = self.left[g];
                        let at = self.question.window(window.start).start;
                        let told = Told { first: at, last: at, left, over: self.runner_up(s, g) };
                        let told = (self.telling == Telling::Draws).then_some(told);
                        self.note(s, paid, Outcome::Drawn(Draw { grant: g, units: paid * takes, told }), ledger);
                    }
                    None => {
                        let room = self.standings[s].price.and_then(|price| self.room(price));
                        let charged = room.map_or(calls, |room| room.min(calls));
                        calls -= charged;
                        self.charge(s, charged, window, ledger);
                    }
                }
            }
        }
    }

    fn note(&mut self, s: usize, calls: u64, outcome: Outcome, ledger: &mut Ledger) {
        if calls > 0 {
            if matches!(outcome, Outcome::Drawn(_)) {
                self.drew[self.question.streams[s].group] = true;
            }
            ledger.entries.push(Entry { stream: s, calls, outcome });
        }
    }

    /// Charges calls that no grant covers; where there is no pay-per-use, refuses them.
    fn charge(&mut self, s: usize, calls: u64, stretch: Period, ledger: &mut Ledger) {
        if !self.question.pay_per_use {
            let refusal = if self.question.catalog.pay_per_use { Refusal::PayPerUseOff } else { Refusal::NoQuota };
            return self.note(s, calls, Outcome::Refused(refusal), ledger);
        }
        if let Some(refusal) = self.uncovered_refused(s) {
            return self.note(s, calls, Outcome::Refused(refusal), ledger);
        }
        let cause = self.cause(s, stretch.start);
        let (open, uncovered) = (self.standings[s].open, self.uncovered(s, stretch));
        let price = self.standings[s].price;
        let step = price.and_then(|price| self.step_of_next_call(price)).unwrap_or(0);
        if let Some(price) = price {
            self.tallies[price.tally].calls += calls;
        }
        self.note(s, calls, Outcome::Charged(Charge { price, step, cause, open, uncovered }), ledger);
    }

    /// Why a stream's calls are refused that no grant covers.
    fn uncovered_refused(&self, s: usize) -> Option<Refusal> {
        if self.question.has_stops() { self.standings[s].uncovered } else { None }
    }

    /// The step of a graduated ladder in which the next call stands.
    fn step_of_next_call(&self, price: Priced) -> Option<usize> {
        let tariff = self.question.ladder(price.ladder).tariff();
        (tariff.shape == Shape::Graduated).then(|| tariff.step_after(self.tallies[price.tally].calls))
    }

    fn cause(&mut self, s: usize, at: Instant) -> Cause {
        if self.telling == Telling::Counts {
            return Cause::NoPackage;
        }
        if let Some(known) = self.standings[s].cause {
            return known;
        }
        let found = cause(self.question, &self.left, &self.question.streams[s], at, self.cycle_of);
        self.standings[s].cause = Some(found);
        found
    }

    /// How long nothing covers the calls charged in a stretch.
    fn uncovered(&self, s: usize, stretch: Period) -> Period {
        let stream = &self.question.streams[s];
        let mut uncovered = Period::ALWAYS;
        if self.drew[stream.group] {
            let first = first_second_above(stretch, 0, &|t| u128::from(self.calls_until(s, t)));
            uncovered.start = self.question.window(first).start;
        }
        let cycle_end = (self.cycle_of)(stretch.start).end;
        if self.cuts.get(self.next_cut).is_none_or(|&cut| cut >= cycle_end) {
            return uncovered;
        }
        let points = self.question.points[stream.api];
        let takes_over = self.question.grants.iter().filter(|grant| {
            grant.serves(stream.api, stream.region)
                && grant.serves_project(stream.project.as_deref())
                && grant.quota - grant.used_before >= grant.takes(points)
                && grant.ever_serves()
        });
        let starts = takes_over.map(|grant| grant.serving.start).filter(|&start| start >= stretch.end);
        uncovered.end = starts.min().unwrap_or(uncovered.end);
        uncovered
    }

    /// When exactly a stream drew on a grant in a stretch, and what was left after its last call.
    fn tell(&self, s: usize, g: usize, stretch: Period, before: u64) -> Told {
        let all = self.calls_until(s, stretch.end);
        let first = self.question.window(first_second_above(stretch, 0, &|t| u128::from(self.calls_until(s, t)))).start;
        let last = self.question.window(first_second_above(stretch, u128::from(all - 1), &|t| u128::from(self.calls_until(s, t))));
        let mut left = u128::from(before);
        for other in 0..self.question.streams.len() {
            // Of the last call's window, only the calls of streams up to this one come before it.
            let until = if other <= s { last.end } else { last.start }.min(stretch.end);
            let draws = self.standings[other].refused.is_none() && self.first_payer(other) == Some(g);
            if draws && until > stretch.start {
                left -= u128::from(self.calls_until(other, until)) * u128::from(self.takes(other, g));
            }
        }
        Told { first, last: last.start, left: left as u64, over: self.runner_up(s, g) }
    }

    /// The first grant but `g` that could have paid: one that waits, or the next.
    fn runner_up(&self, s: usize, g: usize) -> Option<usize> {
        self.standings[s].payers.iter().rev().copied().find(|&other| other != g && self.has_a_call(s, other))
    }
}

/// The first second after which `demand`, which never falls, is above `limit`; the end of the stretch if there is none.
pub(crate) fn first_second_above(stretch: Period, limit: u128, demand: &dyn Fn(Instant) -> u128) -> Instant {
    let (mut below, mut end) = (stretch.start.0, stretch.end.0);
    if below >= end || demand(stretch.end) <= limit {
        return stretch.end;
    }
    while below < end - 1 {
        let middle = below + (end - below) / 2;
        if demand(Instant(middle)) > limit {
            end = middle;
        } else {
            below = middle;
        }
    }
    Instant(end - 1)
}

/// All instants at which anything but counts can change.
fn cuts(question: &Question, cycle_of: &dyn Fn(Instant) -> Period) -> Vec<Instant> {
    let mut cuts = question.bounds.to_vec();
    for grant in &question.grants {
        cuts.extend([grant.serving.start, grant.serving.end]);
    }
    if let Some(access) = &question.access {
        cuts.extend(access.openers.iter().map(|opener| opener.from));
        for off in &access.switch_offs {
            cuts.extend([off.at, cycle_of(off.at).start]);
        }
    }
    if question.has_stops() && question.access.is_none() {
        let bought = question.grants.iter().filter(|grant| grant.purchase().is_some());
        cuts.extend(bought.map(|grant| question.window(grant.created).start));
    }
    sort_by_key(&mut cuts, |&cut| cut);
    cuts.dedup();
    cuts
}
