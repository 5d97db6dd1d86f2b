//! The Estimate, as JSON.

use crate::bill::{self, Line, add};
use crate::calls::{self, Asked, Call, Counters, Fate};
use crate::clock;
use crate::draws;
use crate::input::{BillAt, Detail, Kind};
use crate::merge;
use crate::money::{self, show_or_null};
use crate::seen::{self, Seen};
use crate::seen_bill;
use crate::state;
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Every call of a request decided and charged, and which rules decided it.
pub struct Account {
    pub world: World,
    pub asked: Vec<Asked>,
    pub calls: Vec<Call>,
    pub counters: Counters,
    pub lines: Vec<Line>,
    months: Vec<Month>,
    pub seen: Seen,
}

/// The only note that the oracle gives.
pub const ASSUMED_ON: &str = "pay_per_use_assumed_on";

/// What the estimate of this request says, and which rules decided it.
pub fn estimate(request: &Value) -> (Value, Seen) {
    let mut account = Account::new(request);
    (account.answer(), account.seen)
}

impl Account {
    pub fn new(request: &Value) -> Account {
        Account::of(World::new(request))
    }

    pub fn of(world: World) -> Account {
        let mut seen = Seen::default();
        let asked = calls::requests(&world);
        let (calls, counters) = calls::decide_all(&world, &asked, &mut seen);
        seen::competed(&world, &asked, &calls, &mut seen);
        let lines = bill::lines(&world, &asked, &calls, &counters, &mut seen);
        let months = clock::month(world.start)..=clock::month(world.end - 1);
        let months: Vec<Month> = months.map(|month| Month::new(&world, month, &lines)).collect();
        for month in &months {
            seen_bill::billed(&world, month.rounded_off, &mut seen);
        }
        let on_its_own = world.request.period.is_none() && !calls.is_empty();
        seen.add_if(on_its_own && world.opened.is_some(), "opening without a period");
        Account { world, asked, calls, counters, lines, months, seen }
    }

    pub fn total(&self) -> Option<i128> {
        add(self.packages(), self.pay_per_use())
    }

    pub fn packages(&self) -> Option<i128> {
        self.sum(|month| month.packages)
    }

    pub fn pay_per_use(&self) -> Option<i128> {
        self.sum(|month| month.pay_per_use)
    }

    fn sum(&self, part: fn(&Month) -> Option<i128>) -> Option<i128> {
        self.months.iter().map(part).fold(Some(0), add)
    }

    /// How many calls of the period each grant paid.
    fn paid(&self) -> BTreeMap<usize, u64> {
        let mut paid = BTreeMap::new();
        for call in self.calls.iter().filter(|call| self.asked[call.asked].at >= self.world.start) {
            if let Fate::Drawn { grant, .. } = call.fate {
                *paid.entry(grant).or_default() += 1;
            }
        }
        paid
    }

    pub fn counts(&self) -> Value {
        counts(&self.world, &self.asked, &self.calls, |at| self.world.start <= at)
    }

    pub fn answer(&mut self) -> Value {
        let (world, asked, calls) = (&self.world, &self.asked, &self.calls);
        let mut answer = Map::new();
        let mut put = |key: &str, value: Value| answer.insert(key.into(), value);
        put("currency", json!(world.request.catalog.currency));
        put("period", span(world, (world.start, world.end)));
        put("total", show_or_null(self.total()));
        put("packages", show_or_null(self.packages()));
        put("payPerUse", show_or_null(self.pay_per_use()));
        put("roundedOff", show_or_null(self.sum(|month| month.rounded_off)));
        put("unpriced", unpriced(world, &self.lines));
        put("calls", self.counts());
        put("refused", refused(world, asked, calls));
        put("grants", state::grants(world, &self.counters, &self.paid()));
        put("months", self.months.iter().map(|month| month.show(world, asked, calls)).collect());
        put("closing", state::closing(world, &self.counters));
        // P8: what was charged although nobody said that pay-per-use is on.
        let charged = self.lines.iter().any(|line| line.package.is_none());
        let assumed = charged && world.request.catalog.pay_per_use_switch && world.request.pay_per_use.is_none();
        let note = || json!({ "code": ASSUMED_ON, "rule": "P8", "severity": "assumption", "place": "request.payPerUse" });
        put("notes", if assumed { json!([note()]) } else { json!([]) });
        if world.request.detail == Detail::Draw {
            put("draws", draws::show(world, asked, calls, &mut self.seen));
        }
        let lines = self.lines.clone();
        let lines = if world.request.detail == Detail::Month { merge::by_month(lines) } else { lines };
        put("lines", lines.iter().map(|line| show_line(world, line)).collect());
        Value::Object(answer)
    }
}

struct Month {
    month: i32,
    packages: Option<i128>,
    pay_per_use: Option<i128>,
    rounded_off: Option<i128>,
}

impl Month {
    fn new(world: &World, month: i32, lines: &[Line]) -> Month {
        let mine = |line: &&Line| clock::month(line.cycle.0) == month;
        let sum = |package: bool, part: fn(&Line) -> Option<i128>| {
            lines.iter().filter(mine).filter(|line| line.package.is_some() == package).map(part).fold(Some(0), add)
        };
        let charged = sum(false, |line| line.charged);
        let bill = world.request.catalog.rounding.bill;
        let (pay_per_use, rounded_off) = match bill.at {
            BillAt::Line => (charged, sum(false, |line| line.rounded_off)),
            BillAt::Month => {
                let cut = charged.map(|sum| money::cut(sum, bill.places, bill.mode));
                (cut, charged.zip(cut).map(|(sum, cut)| sum - cut))
            }
        };
        Month { month, packages: sum(true, |line| line.amount), pay_per_use, rounded_off }
    }

    fn show(&self, world: &World, asked: &[Asked], calls: &[Call]) -> Value {
        json!({
            "month": clock::month_name(self.month),
            "total": show_or_null(add(self.packages, self.pay_per_use)),
            "packages": show_or_null(self.packages),
            "payPerUse": show_or_null(self.pay_per_use),
            "roundedOff": show_or_null(self.rounded_off),
            "calls": counts(world, asked, calls, |at| world.start <= at && clock::month(at) == self.month),
        })
    }
}

pub fn span(world: &World, span: (i64, i64)) -> Value {
    json!({ "start": world.clock.show(span.0), "end": world.clock.show(span.1) })
}

/// All in calls, but for the requests themselves.
fn counts(world: &World, asked: &[Asked], calls: &[Call], holds: impl Fn(i64) -> bool) -> Value {
    let catalog = &world.request.catalog;
    let (mut not_counted, mut rejected, mut pay_per_use) = (0, 0, 0);
    let mut by_class = vec![0; catalog.classes.len()];
    for call in calls.iter().filter(|call| holds(asked[call.asked].at)) {
        match &call.fate {
            Fate::NotCounted => not_counted += 1,
            Fate::Rejected(_) => rejected += 1,
            Fate::Charged { .. } => pay_per_use += 1,
            Fate::Drawn { grant, .. } => by_class[world.grants[*grant].class] += 1,
        }
    }
    let named = catalog.classes.iter().zip(&by_class);
    let of = |kind: Kind| named.clone().filter(|(class, _)| class.kind == kind).map(|(_, calls)| calls).sum::<u64>();
    json!({
        "requests": asked.iter().filter(|request| holds(request.at)).count(),
        "counted": by_class.iter().sum::<u64>() + pay_per_use,
        "notCounted": not_counted,
        "rejected": rejected,
        "free": of(Kind::Free),
        "promotional": of(Kind::Promotional),
        "package": of(Kind::Package),
        "payPerUse": pay_per_use,
        "byClass": named.map(|(class, calls)| (class.id.clone(), json!(calls))).collect::<Map<_, _>>(),
    })
}

fn refused(world: &World, asked: &[Asked], calls: &[Call]) -> Value {
    let mut sums: BTreeMap<(&str, usize, usize), u64> = BTreeMap::new();
    for call in calls {
        let request = &asked[call.asked];
        if let (Fate::Rejected(code), true) = (&call.fate, world.start <= request.at) {
            *sums.entry((world.shown_code(code), request.api, request.region)).or_default() += 1;
        }
    }
    let catalog = &world.request.catalog;
    let show = |((code, api, region), calls): (&(&str, usize, usize), &u64)| json!({ "code": code, "api": catalog.apis[*api].id, "region": catalog.regions[*region].id, "calls": calls });
    sums.iter().map(show).collect()
}

/// What to type in so that nothing is null.
fn unpriced(world: &World, lines: &[Line]) -> Value {
    let mut missing = BTreeSet::new();
    for line in lines.iter().filter(|line| line.amount.is_none()) {
        if let Some(grant) = line.package {
            missing.insert((world.grants[grant].place.clone(), None, Some(world.grants[grant].package.clone())));
        }
        for slice in line.slices.iter().filter(|slice| slice.unit_price.is_none()) {
            let place = match slice.step {
                Some((row, step)) => {
                    format!("{}.steps[{step}].unitPrice", world.ladders[row].place)
                }
                None => "catalog.ladders".into(),
            };
            missing.insert((place, Some(world.request.catalog.apis[line.api].id.clone()), None));
        }
    }
    let show = |(place, api, package): (String, Option<String>, Option<String>)| {
        let mut entry = json!({ "place": place });
        let parts = [("api", api), ("package", package)];
        for (key, value) in parts.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))) {
            entry[key] = json!(value);
        }
        entry
    };
    missing.into_iter().map(show).collect()
}

fn show_line(world: &World, line: &Line) -> Value {
    let catalog = &world.request.catalog;
    let slice = |slice: &bill::Slice| {
        json!({ "from": slice.from, "upTo": slice.up_to, "calls": slice.calls,
                "unitPrice": show_or_null(slice.unit_price), "amount": show_or_null(slice.amount) })
    };
    let cause = |(cause, calls, amount): &(crate::cause::Cause, u64, Option<i128>)| json!({ "code": cause.code(), "calls": calls, "amount": show_or_null(*amount) });
    let mut shown = json!({
        "kind": if line.package.is_some() { "package" } else { "pay-per-use" },
        "cycle": span(world, line.cycle),
        "cycles": line.cycles,
        "used": span(world, line.used),
        "debitedAt": world.clock.show(line.debited_at),
        "api": catalog.apis[line.api].id,
        "region": catalog.regions[line.region].id,
        "calls": line.calls,
        "slices": line.slices.iter().map(slice).collect::<Vec<_>>(),
        "amount": show_or_null(line.amount),
        "charged": show_or_null(line.charged),
        "roundedOff": show_or_null(line.rounded_off),
        "causes": line.causes.iter().map(cause).collect::<Vec<_>>(),
    });
    let fields = shown.as_object_mut().unwrap();
    if let Some(project) = &line.project {
        fields.insert("project".into(), json!(project));
    }
    if let Some(at) = line.package {
        let grant = &world.grants[at];
        fields.insert("grant".into(), json!(grant.id));
        fields.insert("package".into(), json!(grant.package));
        fields.insert("quantity".into(), json!(grant.quantity));
        // The documents say nothing of these two for a package (several APIs, no cycle).
        fields.remove("cycles");
        if grant.apis.len() > 1 {
            fields.remove("api");
        }
    }
    shown
}
