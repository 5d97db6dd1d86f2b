//! An account over time: one walk forward, cycle after cycle. Within a cycle first all that happens to the money, because
//! the calls of a cycle are paid at its end or later; then the cycle's calls, each decided with what there is by then.

use crate::account_input::{self, Held};
use crate::answer;
use crate::bill;
use crate::calls::{self, Asked, Counters};
use crate::clock::{self, DAY, HOUR};
use crate::grants;
use crate::input::{BillAt, GrantRow, Renewal, Settlement};
use crate::money;
use crate::seen::Seen;
use crate::stops::Stops;
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeMap;

pub struct Movement {
    pub at: i64,
    pub kind: &'static str,
    pub amount: i128,
    pub balance: i128,
    pub vouchers: i128,
    pub grant: Option<String>,
    pub cycle: Option<(i64, i64)>,
}

/// A purchase or renewal that was tried.
#[derive(Clone)]
pub struct Order {
    pub grant: String,
    pub at: i64,
    pub outcome: &'static str,
    pub automatic: bool,
    pub amount: Option<i128>,
    /// Extra days, start and end of the new term.
    pub extra_days: Option<i64>,
    pub term: Option<(i64, i64)>,
    /// Unpaid: what would have been missing.
    pub missing: i128,
    /// Whether what was there covered its price.
    pub covered: bool,
    /// The end of the term that was to be renewed.
    pub end_before: i64,
}

pub struct Arrears {
    pub since: i64,
    pub ended: Option<i64>,
    /// Available after the debit.
    pub available: i128,
    /// The cycles whose charges came due since the last top-up.
    pub came_due: Vec<(i64, i64)>,
}

#[derive(Clone)]
struct Due {
    at: i64,
    amount: i128,
    cycle: (i64, i64),
    rounding: bool,
}

pub struct Story {
    pub held: Held,
    /// The estimate of what was really bought, with the stops.
    pub account: answer::Account,
    pub movements: Vec<Movement>,
    pub purchases: Vec<Order>,
    pub renewals: Vec<Order>,
    pub arrears: Vec<Arrears>,
    pub stops: Stops,
    /// Balance, credit and vouchers together after all movements of an instant.
    pub after: Vec<(i64, i128)>,
    /// What would restore the account after every instant in arrears.
    pub wanting: Vec<(i64, i128)>,
    pub balance: i128,
    pub vouchers: i128,
    /// When a due was collected later than it was due.
    pub collected: u64,
    pub dues_in_arrears: u64,
    /// What was used and not paid by the end.
    pub outstanding: i128,
}

/// An order of the request on its way.
struct Bought {
    row: GrantRow,
    id: String,
    created: i64,
    exists: bool,
    /// Manual renewals not yet come to, and what was renewed.
    planned: Vec<Renewal>,
    renewed: Vec<Renewal>,
    automatic: u64,
    /// Of the last term: tries in vain, and whether nothing more is tried.
    in_vain: u64,
    last_asked: i128,
    stopped: bool,
    told_late: bool,
}

struct Walk {
    world: World,
    held: Held,
    counters: Counters,
    orders: Vec<Bought>,
    now: i64,
    balance: i128,
    vouchers: i128,
    since: Option<i64>,
    owed: Vec<Due>,
    due: Vec<Due>,
    came_due: Vec<(i64, i64)>,
    movements: Vec<Movement>,
    purchases: Vec<Order>,
    renewals: Vec<Order>,
    arrears: Vec<Arrears>,
    after: Vec<(i64, i128)>,
    wanting: Vec<(i64, i128)>,
    /// What was charged by cycle.
    charged: BTreeMap<i64, i128>,
    collected: u64,
    dues_in_arrears: u64,
}

pub fn story(request: &Value) -> Story {
    let mut world = World::new(request);
    let held = account_input::read(&request["account"], world.request.catalog.lifecycle.as_ref(), world.clock);
    let rows = std::mem::take(&mut world.request.grants);
    let orders: Vec<Bought> = rows.into_iter().enumerate().map(|(at, row)| Bought::new(&world, at, row)).collect();
    let mut walk = Walk {
        counters: Counters::default(),
        now: world.start - 1,
        balance: held.balance,
        vouchers: held.vouchers,
        world,
        held,
        orders,
        since: None,
        owed: Vec::new(),
        due: Vec::new(),
        came_due: Vec::new(),
        movements: Vec::new(),
        purchases: Vec::new(),
        renewals: Vec::new(),
        arrears: Vec::new(),
        after: Vec::new(),
        wanting: Vec::new(),
        charged: BTreeMap::new(),
        collected: 0,
        dues_in_arrears: 0,
    };
    walk.walk();
    walk.told()
}

impl Bought {
    fn new(world: &World, at: usize, mut row: GrantRow) -> Bought {
        let id = row.id.clone().unwrap_or(format!("g{at}"));
        row.id = Some(id.clone());
        let created = world.clock.read(&row.created);
        let before = created < world.start;
        let (renewed, planned) =
            std::mem::take(&mut row.renewals).into_iter().partition(|renewal| before && world.clock.read(&renewal.at) < world.start);
        Bought {
            row,
            id,
            created,
            exists: before,
            planned,
            renewed,
            automatic: 0,
            in_vain: 0,
            last_asked: 0,
            stopped: false,
            told_late: false,
        }
    }

    fn copies(&self) -> i128 {
        i128::from(self.row.quantity.unwrap_or(1))
    }
}

impl Walk {
    fn walk(&mut self) {
        self.count_grants();
        let mut waiting = calls::requests(&self.world);
        waiting.sort_by_key(|request| request.second);
        waiting.reverse();
        let mut asked: Vec<Asked> = Vec::new();
        loop {
            let call = waiting.last().map(|request| request.second);
            let Some(next) = call.into_iter().chain(self.next()).min() else { break };
            let cycle = self.world.cycle(next);
            while let Some(at) = self.next().filter(|at| *at < cycle.1) {
                self.instant(at);
            }
            let first = asked.len();
            while waiting.last().is_some_and(|request| request.second < cycle.1) {
                asked.extend(waiting.pop());
            }
            self.cycle_of_calls(cycle, &mut asked, first);
        }
    }

    /// The next second at which anything happens to the money.
    fn next(&self) -> Option<i64> {
        let mut all = vec![self.world.start];
        all.extend(self.held.top_ups.iter().map(|(at, _)| *at));
        all.extend(self.due.iter().map(|due| due.at));
        for order in &self.orders {
            all.push(order.created);
            all.extend(order.planned.iter().map(|renewal| self.world.clock.read(&renewal.at)));
        }
        for at in 0..self.held.auto.len() {
            all.extend(self.next_try(at));
            all.extend(self.held.auto[at].from);
            all.extend(self.last_term(self.order(at)).map(|(_, end, _)| end));
        }
        all.into_iter().filter(|at| self.now < *at && self.world.start <= *at && *at < self.world.end).min()
    }

    fn instant(&mut self, at: i64) {
        self.now = at;
        for top_up in 0..self.held.top_ups.len() {
            if self.held.top_ups[top_up].0 == at {
                self.top_up(self.held.top_ups[top_up].1);
            }
        }
        self.debit();
        for order in 0..self.orders.len() {
            if self.orders[order].created == at {
                self.purchase(order);
            }
            while self.orders[order].planned.first().is_some_and(|renewal| self.world.clock.read(&renewal.at) == at) {
                let renewal = self.orders[order].planned.remove(0);
                if self.orders[order].exists {
                    self.renew_by_hand(order, renewal);
                }
            }
        }
        for auto in 0..self.held.auto.len() {
            self.renew_by_itself(auto);
        }
        self.after.push((at, self.worth()));
        if self.since.is_some() {
            self.wanting.push((at, self.wants()));
        }
    }

    fn owed(&self) -> i128 {
        self.owed.iter().map(|due| due.amount).sum()
    }

    /// A top-up of more than this ends arrears: it pays what is owed, after the vouchers did.
    fn wants(&self) -> i128 {
        let positive: i128 = self.owed.iter().map(|due| due.amount.max(0)).sum();
        self.owed() - positive.min(self.vouchers) - self.available()
    }

    fn available(&self) -> i128 {
        self.balance + self.held.credit
    }

    fn worth(&self) -> i128 {
        self.available() + self.vouchers
    }

    fn moved(&mut self, kind: &'static str, amount: i128, grant: Option<String>, cycle: Option<(i64, i64)>) {
        if amount != 0 {
            self.movements.push(Movement { at: self.now, kind, amount, balance: self.balance, vouchers: self.vouchers, grant, cycle });
        }
    }

    /// L7: vouchers first, then the balance; a card pays what is missing.
    fn pay(&mut self, amount: i128, kind: &'static str, grant: Option<String>, cycle: Option<(i64, i64)>) {
        let missing = amount - self.worth();
        if self.held.other_payment && missing > 0 && amount > 0 {
            self.balance += missing;
            self.moved("other-payment", missing, None, None);
        }
        let from_vouchers = amount.min(self.vouchers).max(0);
        self.vouchers -= from_vouchers;
        self.balance -= amount - from_vouchers;
        self.moved(kind, -amount, grant, cycle);
    }

    fn pay_due(&mut self, due: &Due) {
        match due.rounding {
            true => self.pay(due.amount, "rounding", None, None),
            false => self.pay(due.amount, "pay-per-use", None, Some(due.cycle)),
        }
    }

    /// L3.
    fn top_up(&mut self, amount: i128) {
        self.balance += amount;
        self.moved("top-up", amount, None, None);
        self.came_due.clear();
        for due in std::mem::take(&mut self.owed) {
            self.pay_due(&due);
            self.collected += 1;
        }
        if self.since.is_some() && self.available() > 0 {
            self.since = None;
            self.arrears.last_mut().unwrap().ended = Some(self.now);
        }
    }

    /// L1.
    fn debit(&mut self) {
        let (now, later) = std::mem::take(&mut self.due).into_iter().partition(|due: &Due| due.at == self.now);
        self.due = later;
        let now: Vec<Due> = now;
        for due in now {
            if !due.rounding && due.amount != 0 {
                self.came_due.push(due.cycle);
            }
            if self.since.is_some() {
                self.dues_in_arrears += 1;
                self.owed.push(due);
            } else {
                self.pay_due(&due);
            }
        }
        if self.since.is_none() && !self.held.other_payment && self.available() < 0 {
            self.since = Some(self.now);
            let came_due = self.came_due.clone();
            self.arrears.push(Arrears { since: self.now, ended: None, available: self.available(), came_due });
        }
    }

    /// P7, L4.
    fn can_pay(&self, price: i128) -> bool {
        price == 0 || self.held.other_payment || (self.since.is_none() && self.worth() >= price)
    }

    fn price(&self, order: usize, typed: Option<&String>) -> Option<i128> {
        let bought = &self.orders[order];
        let listed = grants::found_at(&self.world.request, self.world.clock, &bought.row.package, self.now);
        let one = match (typed, listed) {
            (_, None) => return None,
            (Some(text), _) => money::read(text),
            (None, Some((_, row, _))) => money::read(row.price.as_ref().expect("a price")),
        };
        Some(one * bought.copies())
    }

    fn asked(&self, order: usize, outcome: &'static str, automatic: bool, amount: Option<i128>) -> Order {
        // In arrears what comes in first pays what is owed, and a hundredth must be left, unless they begin only now.
        let least = self.since.map_or(0, |since| self.wants() + if since < self.now { money::read("0.01") } else { 0 });
        let missing = amount.map_or(0, |amount| (amount + self.owed() - self.worth()).max(least));
        let covered = amount.is_some_and(|amount| amount <= self.worth());
        let end_before = self.last_term(order).map_or(0, |(_, end, _)| end);
        let grant = self.orders[order].id.clone();
        Order { grant, at: self.now, outcome, automatic, amount, extra_days: None, term: None, missing, covered, end_before }
    }

    fn purchase(&mut self, order: usize) {
        let price = self.price(order, self.orders[order].row.price.as_ref()).expect("on sale");
        let paid = self.can_pay(price);
        let mut entry = self.asked(order, if paid { "paid" } else { "unpaid" }, false, Some(price));
        if paid {
            self.orders[order].exists = true;
            self.pay(price, "package", Some(self.orders[order].id.clone()), None);
            self.count_grants();
            entry.term = self.world.grants.iter().find(|grant| self.is_of(grant, order)).map(|grant| (grant.effective, grant.end));
        }
        self.purchases.push(entry);
    }

    fn renew_by_hand(&mut self, order: usize, renewal: Renewal) {
        let price = self.price(order, renewal.price.as_ref()).expect("on sale");
        let (_, end, _) = self.last_term(order).unwrap();
        let released = self.held.days.is_some_and(|days| end + (days.package.grace + days.package.retention) * DAY <= self.now);
        if released || !self.can_pay(price) {
            let entry = self.asked(order, if released { "stopped" } else { "unpaid" }, false, Some(price));
            self.renewals.push(entry);
        } else {
            self.renewed(order, renewal, price, false);
        }
    }

    fn renewed(&mut self, order: usize, renewal: Renewal, price: i128, automatic: bool) {
        let mut entry = self.asked(order, "paid", automatic, Some(price));
        let by_day = renewal.expiry_day.is_some();
        let bought = &mut self.orders[order];
        bought.renewed.push(renewal);
        (bought.in_vain, bought.stopped) = (0, false);
        bought.automatic += u64::from(automatic);
        self.pay(price, "renewal", Some(self.orders[order].id.clone()), None);
        self.count_grants();
        let last = self.world.grants.iter().rfind(|grant| self.is_of(grant, order) && grant.copy == 0).unwrap();
        entry.extra_days = by_day.then_some(last.extra_days);
        entry.term = Some((last.effective, last.end));
        self.renewals.push(entry);
    }

    /// T6.
    fn renew_by_itself(&mut self, auto: usize) {
        let (order, now) = (self.order(auto), self.now);
        if !self.orders[order].exists || self.used_up(auto) {
            return;
        }
        let rule = &self.held.auto[auto];
        let (_, end, _) = self.last_term(order).unwrap();
        if rule.from == Some(now) && end <= now && !self.orders[order].told_late {
            self.orders[order].told_late = true;
            let entry = self.asked(order, "stopped", true, None);
            self.renewals.push(entry);
        } else if end == now && self.orders[order].in_vain > 0 && !self.orders[order].stopped && end <= rule.until {
            self.orders[order].stopped = true;
            let asked = self.orders[order].last_asked;
            let entry = self.asked(order, "stopped", true, Some(asked));
            self.renewals.push(entry);
        } else if self.tries(auto, now) {
            let Some(price) = self.price(order, None) else {
                self.orders[order].stopped = true;
                let entry = self.asked(order, "stopped", true, None);
                self.renewals.push(entry);
                return;
            };
            if self.can_pay(price) {
                let renewal = Renewal { at: self.world.clock.show(now), price: None, expiry_day: None };
                self.renewed(order, renewal, price, true);
            } else {
                let entry = self.asked(order, "unpaid", true, Some(price));
                self.renewals.push(entry);
                self.orders[order].in_vain += 1;
                self.orders[order].last_asked = price;
            }
        }
    }

    fn used_up(&self, auto: usize) -> bool {
        self.held.auto[auto].times.is_some_and(|times| self.orders[self.order(auto)].automatic >= times)
    }

    /// Whether this instant is one of the tries.
    fn tries(&self, auto: usize, at: i64) -> bool {
        let (order, rule) = (self.order(auto), &self.held.auto[auto]);
        let Some((created, end, expiry)) = self.last_term(order) else { return false };
        let first = (expiry.div_euclid(DAY) - rule.lead) * DAY + 3 * HOUR;
        let on = rule.from.is_none_or(|from| from <= at) && at < rule.until;
        at.rem_euclid(DAY) == 3 * HOUR
            && first <= at
            && at < end
            && created < at
            && on
            && !self.orders[order].stopped
            && !self.used_up(auto)
    }

    fn next_try(&self, auto: usize) -> Option<i64> {
        let (created, end, expiry) = self.last_term(self.order(auto))?;
        let earliest = (expiry - (self.held.auto[auto].lead + 1) * DAY).max(created).max(self.now);
        let three = earliest.div_euclid(DAY) * DAY + 3 * HOUR;
        (0..400).map(|day| three + day * DAY).take_while(|at| *at < end).find(|at| self.now < *at && self.tries(auto, *at))
    }

    fn order(&self, auto: usize) -> usize {
        self.orders.iter().position(|order| order.id == self.held.auto[auto].grant).unwrap()
    }

    fn is_of(&self, grant: &grants::Grant, order: usize) -> bool {
        grant.free.is_none() && self.world.request.grants[grant.row].id.as_ref() == Some(&self.orders[order].id)
    }

    /// Of an order that exists: when its last term was paid, when it ends, and an instant of its expiry day.
    fn last_term(&self, order: usize) -> Option<(i64, i64, i64)> {
        let last = self.world.grants.iter().rfind(|grant| self.is_of(grant, order) && grant.copy == 0)?;
        let to_the_second = last.end == last.same_second_end;
        Some((last.created, last.end, if to_the_second { last.end } else { last.end - 1 }))
    }

    /// What exists by now as grants, each with what was used of it.
    fn count_grants(&mut self) {
        let before: BTreeMap<(String, usize), usize> = names(&self.world);
        self.take(self.rows(|order| order.exists, |_| Vec::new()));
        let mut counters = calls::opening(&self.world);
        let now = names(&self.world);
        for ((at, month), used) in std::mem::take(&mut self.counters.used) {
            let name = before.iter().find(|(_, grant)| **grant == at).unwrap().0;
            counters.used.insert((now[name], month), used);
        }
        self.counters.used = counters.used;
        if self.counters.climbed.is_empty() {
            self.counters.climbed = counters.climbed;
        }
    }

    /// These rows, and the grants that they are.
    fn take(&mut self, rows: Vec<GrantRow>) {
        self.world.request.grants = rows;
        self.world.grants = grants::all(&self.world.request, self.world.clock);
    }

    fn rows(&self, exists: impl Fn(&Bought) -> bool, later: impl Fn(&Bought) -> Vec<Renewal>) -> Vec<GrantRow> {
        let row = |order: &Bought| {
            let mut row = order.row.clone();
            row.renewals = order.renewed.clone();
            row.renewals.extend(later(order));
            row
        };
        self.orders.iter().filter(|order| exists(order)).map(row).collect()
    }

    /// The calls of one cycle, and what becomes due for them.
    fn cycle_of_calls(&mut self, cycle: (i64, i64), asked: &mut [Asked], first: usize) {
        if asked.len() == first {
            return;
        }
        let stops = self.stops();
        self.world.stop(stops);
        for request in &mut asked[first..] {
            (request.at, request.until) = self.world.window(request.second);
        }
        calls::in_order(&mut asked[first..]);
        let mut counters = std::mem::take(&mut self.counters);
        let calls = calls::decide_some(&self.world, asked, first..asked.len(), &mut counters, &mut Seen::default());
        self.counters = counters;
        let lines = bill::lines(&self.world, asked, &calls, &self.counters, &mut Seen::default());
        let lines = lines.iter().filter(|line| line.package.is_none());
        let mut sum: i128 = lines.map(|line| line.charged.expect("a price")).sum();
        if sum != 0 {
            self.charged.insert(cycle.0, sum);
        }
        let catalog = &self.world.request.catalog;
        let due = self.world.debited_at(cycle);
        let bill = catalog.rounding.bill;
        if bill.at == BillAt::Month && catalog.settlement == Settlement::Month {
            sum = money::cut(sum, bill.places, bill.mode);
        }
        if self.world.start < due {
            self.due.push(Due { at: due, amount: sum, cycle, rounding: false });
        }
        if bill.at == BillAt::Month && catalog.settlement == Settlement::Hour && sum != 0 {
            // What the month's bill cuts off: due with its last cycle, whatever calls there are in it.
            let month = clock::month(cycle.0);
            let (start, end) = (clock::month_start(month), clock::month_start(month + 1));
            let all: i128 = self.charged.range(start..end).map(|(_, charged)| charged).sum();
            let at = end + catalog.debit_after_hours * HOUR;
            self.due.retain(|due| !due.rounding || due.at != at);
            let off = all - money::cut(all, bill.places, bill.mode);
            if off != 0 {
                self.due.push(Due { at, amount: -off, cycle: (end - HOUR, end), rounding: true });
            }
        }
        self.due.sort_by_key(|due| (due.at, due.rounding, due.cycle));
    }

    fn stops(&self) -> Stops {
        let spans: Vec<(i64, Option<i64>)> = self.arrears.iter().map(|arrears| (arrears.since, arrears.ended)).collect();
        Stops::of(&self.world, &spans, self.held.days.map(|days| days.pay_per_use))
    }

    /// L5: what is released by then cannot be renewed, whatever is paid.
    fn drop_late(&mut self, order: usize) {
        let Some(days) = self.held.days.map(|days| days.package.grace + days.package.retention) else { return };
        let terms = self.world.grants.iter().filter(|grant| self.is_of(grant, order) && grant.copy == 0);
        let released: Vec<i64> = terms.map(|grant| grant.end + days * DAY).skip(self.orders[order].renewed.len()).collect();
        let planned = &mut self.orders[order].planned;
        let in_time = planned.iter().zip(&released).take_while(|(renewal, released)| self.world.clock.read(&renewal.at) < **released);
        planned.truncate(in_time.count());
    }

    /// The whole again, with all that was bought: the causes of a call know what is bought later.
    fn told(mut self) -> Story {
        let (stops, end) = (self.stops(), self.world.end);
        // What lies after the period is not decided.
        let rows = |walk: &Walk| walk.rows(|order| order.exists || end <= order.created, |order| order.planned.clone());
        self.take(rows(&self));
        for order in 0..self.orders.len() {
            self.drop_late(order);
        }
        self.take(rows(&self));
        self.world.stop(stops.clone());
        let account = answer::Account::of(self.world);
        let mut charged: BTreeMap<i64, i128> = BTreeMap::new();
        for line in account.lines.iter().filter(|line| line.package.is_none()) {
            *charged.entry(line.cycle.0).or_default() += line.charged.unwrap();
        }
        charged.retain(|_, charged| *charged != 0);
        assert_eq!(charged, self.charged, "both passes charge the same");
        Story {
            held: self.held,
            account,
            movements: self.movements,
            purchases: self.purchases,
            renewals: self.renewals,
            arrears: self.arrears,
            stops,
            after: self.after,
            wanting: self.wanting,
            balance: self.balance,
            vouchers: self.vouchers,
            collected: self.collected,
            dues_in_arrears: self.dues_in_arrears,
            outstanding: self.owed.iter().chain(&self.due).map(|due| due.amount).sum(),
        }
    }
}

/// Names of grants: of what was bought its id, of free quotas their place.
fn names(world: &World) -> BTreeMap<(String, usize), usize> {
    let name = |(at, grant): (usize, &grants::Grant)| ((grant.id.clone(), if grant.free.is_some() { at } else { 0 }), at);
    world.grants.iter().enumerate().map(name).collect()
}
