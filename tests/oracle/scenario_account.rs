//! Random accounts: a request, and what its account holds, is topped up with, renews and is to be warned of. Much of it
//! lies at instants at which a first draft of the same history has something happen.

use crate::account::{self, Story};
use crate::account_states;
use crate::clock::{self, Clock, DAY, HOUR};
use crate::dice::{Dice, Frame};
use crate::grants::{self, Grant};
use crate::money;
use crate::profile;
use crate::scenario::{climb, streams, subscribe};
use crate::scenario_catalog::{REGIONS, catalog, overdue, switch};
use crate::scenario_grants::{buy, enter, renew};
use crate::scenario_readings::choose;
use crate::scenario_usage::call_some;
use crate::world::World;
use serde_json::{Value, json};

/// One history; the same seed makes the same.
pub fn a_history(seed: u64) -> Value {
    let mut dice = Dice::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    loop {
        if let Some(request) = attempt(&mut dice) {
            return request;
        }
    }
}

fn attempt(dice: &mut Dice) -> Option<Value> {
    let frame = frame(dice);
    let mut request = json!({ "catalog": catalog(dice, &frame) });
    free_in_one_region(dice, &mut request["catalog"]);
    shorten(dice, &mut request["catalog"]);
    switch(dice, &mut request);
    choose(dice, &frame, &mut request);
    account_readings(dice, &mut request);
    if dice.chance(15) {
        enter(dice, &frame, &mut request);
    }
    no_price_missing(dice, &mut request);
    let chosen = profile::chosen(&request)["catalog"].clone();
    if chosen["windows"] == "overlap" && chosen["limited"] == "off-peak" && chosen["settlement"] == "month" {
        // What is bought later would cut the windows of calls before it.
        return None;
    }
    buy(dice, &frame, &mut request);
    for (at, row) in request["grants"].as_array_mut().unwrap().iter_mut().enumerate() {
        if row.get("quantity").is_some() && dice.chance(60) {
            row.as_object_mut().unwrap().remove("quantity");
        }
        if at >= 5 {
            *row = Value::Null;
        }
    }
    request["grants"].as_array_mut().unwrap().retain(|row| !row.is_null());
    renew(dice, &frame, &mut request);
    let streams = streams(dice, &request);
    if dice.chance(45) {
        request["subscriptions"] = subscribe(dice, &frame, &streams);
    }
    let wanted = dice.count(20, 220);
    call_some(dice, &frame, &streams, &mut request, wanted);
    if dice.chance(50) {
        climb(dice, &frame, &mut request);
    }
    request["period"] = period(dice, &frame);
    request["detail"] = json!(dice.pick(&["month", "cycle", "draw"]));
    request["account"] = json!({ "balance": "0" });
    lifecycle(dice, &mut request);
    let plain = crate::answer::estimate(&request).0;
    let total = money::read(plain["total"].as_str().expect("a price"));
    money_of(dice, &frame, total, &mut request);
    auto_renew(dice, &frame, &mut request);
    let often = if request["catalog"].get("overdue").is_some() { 85 } else { 60 };
    let above = !request["account"]["balance"].as_str().unwrap().starts_with('-');
    if above && dice.chance(often) {
        run_short(dice, total, &mut request);
    }
    for _ in 0..dice.count(1, 3) {
        let story = account::story(&request);
        meet(dice, &frame, &story, &streams, total, &mut request);
    }
    if dice.chance(45) {
        no_longer_sold(dice, &mut request);
    }
    let story = account::story(&request);
    warn(dice, &story, &mut request);
    Some(request)
}

fn frame(dice: &mut Dice) -> Frame {
    let offset = *dice.pick(&["+08:00", "+08:00", "+08:00", "+08:00", "+00:00", "-05:00", "+05:30"]);
    let month = (2023 * 12 + dice.between(0, 35)) as i32;
    let start = clock::month_start(month) + if dice.chance(55) { 0 } else { dice.between(0, 27) * DAY };
    let end = match dice.between(0, 9) {
        0..=1 => start + dice.between(3, 20) * DAY,
        2..=4 => clock::month_start(month + 1 + i32::from(start > clock::month_start(month))),
        _ => clock::month_start(month + dice.between(2, 3) as i32),
    };
    let mut frame = Frame { clock: Clock { offset: clock::offset(offset) }, start, end, anchors: Vec::new() };
    for _ in 0..6 {
        let anchor = frame.any(dice).clamp(frame.start, frame.end - 1);
        frame.anchors.push(anchor);
    }
    frame
}

/// The frame, or nearly; now and then from or to within a settlement cycle.
fn period(dice: &mut Dice, frame: &Frame) -> Value {
    let (mut start, mut end) = (frame.start, frame.end);
    match dice.between(0, 9) {
        0 => start += dice.between(0, DAY),
        1 => end -= dice.between(0, DAY),
        2 => start += dice.between(0, 40) * HOUR,
        3 => end += dice.between(0, 4) * DAY,
        _ => {}
    }
    json!({ "start": frame.clock.show(start), "end": frame.clock.show(end) })
}

/// Free calls that those of the other region go without.
fn free_in_one_region(dice: &mut Dice, catalog: &mut Value) {
    for api in catalog["apis"].as_array_mut().unwrap() {
        let alone = api["free"].is_object() && api["free"].get("shared").is_none() && api.get("regions").is_none();
        if alone && dice.chance(40) {
            api["free"]["regions"] = json!([dice.pick(&REGIONS)]);
        }
    }
}

/// Terms that end within the history.
fn shorten(dice: &mut Dice, catalog: &mut Value) {
    for row in catalog["packages"].as_array_mut().unwrap() {
        if row["term"].get("years").is_some() || dice.chance(25) {
            let ends = row["term"].get("ends").cloned();
            row["term"] = if dice.chance(50) { json!({ "days": dice.count(1, 40) }) } else { json!({ "months": 1 }) };
            if let Some(ends) = ends {
                row["term"]["ends"] = ends;
            }
        }
    }
}

fn account_readings(dice: &mut Dice, request: &mut Value) {
    for (id, field, words, often) in [("K6", "arrears", ["serve", "no-calls"], 45), ("K9", "lateRenewal", ["old-expiry", "renewal"], 45)] {
        match dice.between(0, 2) {
            0 => {
                let word = words[usize::from(dice.chance(often))];
                request["catalog"][field] = json!(word);
            }
            1 => {
                let option = |word: &str| json!({ "id": word, "title": word, "source": "dice", "set": { field: word } });
                let row = json!({ "id": id, "title": id, "options": words.map(option) });
                request["catalog"]["profiles"].as_array_mut().unwrap().push(row);
                request["profile"][id] = json!(words[usize::from(dice.chance(often))]);
            }
            _ => {}
        }
    }
}

/// Every call and package has a price.
fn no_price_missing(dice: &mut Dice, request: &mut Value) {
    let lists = ["/catalog/ladders", "/catalog/packages", "/entered/ladders", "/entered/packages"];
    for list in lists {
        for row in request.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if row.get("price").is_some_and(Value::is_null) {
                row["price"] = json!(dice.price(50));
            }
            for step in row.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
                if step["unitPrice"].is_null() {
                    step["unitPrice"] = json!(dice.price(1));
                }
            }
        }
    }
    let catalog = &mut request["catalog"];
    for api in catalog["apis"].as_array().unwrap().clone() {
        let ladders = catalog["ladders"].as_array_mut().unwrap();
        if !ladders.iter().any(|row| row["apis"].as_array().unwrap().contains(&api["id"])) {
            let steps = json!([{ "upTo": null, "unitPrice": dice.price(1) }]);
            ladders.push(json!({ "apis": [api["id"]], "shape": "flat", "steps": steps, "source": "dice" }));
        }
    }
}

fn lifecycle(dice: &mut Dice, request: &mut Value) {
    let periods =
        |dice: &mut Dice| json!({ "grace": dice.pick(&[0, 0, 0, 1, 1, 2, 2, 7]), "retention": dice.pick(&[0, 0, 0, 1, 1, 2, 2, 7]) });
    let of_calls = |dice: &mut Dice| if dice.chance(12) { json!({ "grace": 0, "retention": 0 }) } else { periods(dice) };
    let tier = |dice: &mut Dice| json!({ "package": periods(dice), "payPerUse": of_calls(dice) });
    request["catalog"].as_object_mut().unwrap().remove("overdue");
    if dice.chance(30) {
        let catalog = &mut request["catalog"];
        catalog["overdue"] = overdue(dice);
        // No other text says what happens then.
        catalog.as_object_mut().unwrap().remove("arrears");
        if let Some(profiles) = catalog["profiles"].as_array_mut() {
            profiles.retain(|profile| profile["id"] != "K6");
        }
        if let Some(chosen) = request["profile"].as_object_mut() {
            chosen.remove("K6");
        }
        // Days are those of packages then.
        if dice.chance(60) {
            return;
        }
    }
    match dice.between(0, 9) {
        0..=2 => request["catalog"]["lifecycle"] = json!({ "tiers": { "only": tier(dice) }, "source": "dice" }),
        3..=4 => {
            request["catalog"]["lifecycle"] = json!({ "tiers": { "gold": tier(dice), "plain": tier(dice) }, "source": "dice" });
            request["account"]["tier"] = json!(dice.pick(&["gold", "plain"]));
        }
        5..=6 => request["account"]["lifecycle"] = tier(dice),
        7 => {
            request["catalog"]["lifecycle"] = json!({ "tiers": { "gold": tier(dice), "plain": tier(dice) }, "source": "dice" });
            request["account"]["lifecycle"] = tier(dice);
        }
        _ => {}
    }
}

/// So many hundredths of an amount, in whole cents or not.
fn part(dice: &mut Dice, amount: i128, low: i64, high: i64) -> i128 {
    let part = amount * i128::from(dice.between(low, high)) / 100;
    let part = part - part % money::unit(if dice.chance(70) { 2 } else { 4 });
    part.max(money::unit(2))
}

fn money_of(dice: &mut Dice, frame: &Frame, total: i128, request: &mut Value) {
    let account = &mut request["account"];
    let mut balance = part(dice, total, 0, 60);
    let below = dice.chance(13);
    if below {
        balance = -part(dice, total, 1, 20);
    } else if dice.chance(15) {
        balance = 0;
    }
    account["balance"] = json!(money::show(balance));
    if dice.chance(25) {
        account["credit"] = json!(money::show(part(dice, total, 1, 25)));
    }
    if dice.chance(if below { 80 } else { 30 }) {
        account["vouchers"] = json!(money::show(part(dice, total, 1, if below { 150 } else { 30 })));
    }
    if dice.chance(10) && balance >= 0 {
        account["otherPayment"] = json!(dice.chance(90));
    }
    for _ in 0..dice.count(0, 2) {
        let at = frame.anchor(dice);
        add(account, "topUps", json!({ "at": frame.clock.show(at), "amount": money::show(part(dice, total, 1, 40)) }));
    }
}

/// A balance that pays for everything but one of the debits.
fn run_short(dice: &mut Dice, total: i128, request: &mut Value) {
    let mut rich = request.clone();
    rich["account"]["balance"] = json!(money::show(total * 3));
    let account = rich["account"].as_object_mut().unwrap();
    account.remove("otherPayment");
    for key in ["topUps", "credit", "vouchers"] {
        if dice.chance(60) {
            account.remove(key);
        }
    }
    let story = account::story(&rich);
    let debits: Vec<_> = story.movements.iter().filter(|movement| movement.kind == "pay-per-use" && movement.amount < 0).collect();
    if debits.is_empty() {
        return;
    }
    for _ in 0..5 {
        let debit = dice.pick(&debits);
        let after = debit.balance + debit.vouchers + story.held.credit;
        let balance = total * 3 - after - part(dice, -debit.amount, 1, 99);
        if balance >= 0 {
            rich["account"]["balance"] = json!(money::show(balance));
            request["account"] = rich["account"].take();
            return;
        }
    }
}

fn add(holder: &mut Value, list: &str, row: Value) {
    if holder.get(list).is_none() {
        holder[list] = json!([]);
    }
    holder[list].as_array_mut().unwrap().push(row);
}

fn auto_renew(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let ids = ids(request);
    for id in ids {
        if !dice.chance(50) {
            continue;
        }
        let mut row = json!({ "grant": id });
        if dice.chance(70) {
            row["leadDays"] = json!(dice.pick(&[0, 1, 2, 3, 5, 10, 30]));
        }
        if dice.chance(35) {
            row["times"] = dice.pick(&[json!(null), json!(0), json!(1), json!(1), json!(2)]).clone();
        }
        let (from, until) = (frame.anchor(dice), frame.anchor(dice));
        if dice.chance(20) {
            row["from"] = json!(frame.clock.show(from));
        }
        if dice.chance(15) && (from < until || row.get("from").is_none()) {
            row["until"] = json!(frame.clock.show(until));
        }
        add(&mut request["account"], "autoRenew", row);
    }
}

/// The names of the orders.
fn ids(request: &Value) -> Vec<String> {
    let rows = request["grants"].as_array().unwrap().iter().enumerate();
    rows.map(|(at, row)| row["id"].as_str().map_or(format!("g{at}"), str::to_owned)).collect()
}

/// Things that happen where something happens already.
fn meet(dice: &mut Dice, frame: &Frame, story: &Story, streams: &[Value], total: i128, request: &mut Value) {
    let world = &story.account.world;
    let (mut instants, mut restoring) = (Vec::new(), Vec::new());
    for arrears in &story.arrears {
        let days = story.held.days.map(|days| days.pay_per_use);
        let frozen = story.works_until(arrears.since);
        let released = frozen + days.map_or(0, |days| days.retention * DAY);
        let own: Vec<i64> = [arrears.since, frozen, released].into_iter().chain(arrears.ended).collect();
        instants.extend(&own);
        restoring.extend(&own);
        // Debits that are owed.
        restoring.push(frozen + dice.between(1, 5 * DAY));
        restoring.push(released + dice.between(1, 5 * DAY));
        let after = arrears.ended.unwrap_or(released) + dice.between(0, 2 * DAY);
        instants.push(after);
    }
    let tries = story.purchases.iter().chain(&story.renewals).map(|order| order.at);
    instants.extend(tries);
    instants.extend(story.movements.iter().filter(|_| dice.chance(30)).map(|movement| movement.at));
    instants.extend(world.grants.iter().filter(|grant| grant.free.is_none()).map(|grant| grant.end));
    instants.retain(|at| world.start <= *at && *at <= world.end);
    restoring.retain(|at| world.start <= *at && *at <= world.end);
    if instants.is_empty() {
        instants.push(frame.any(dice));
    }
    let near = |dice: &mut Dice, list: &[i64]| *dice.pick(list) + *dice.pick(&[0, 0, 0, 0, -1, 1, 60, HOUR, DAY]);
    if let Some(arrears) = story.arrears.last().filter(|_| dice.chance(35)) {
        let days = story.held.days.filter(|_| world.request.catalog.overdue.is_none());
        let days = days.map_or(0, |days| if dice.chance(50) { days.pay_per_use.retention } else { 0 });
        let amount = part(dice, total, 20, 80) - arrears.available;
        let at = story.works_until(arrears.since) + days * DAY;
        add(&mut request["account"], "topUps", json!({ "at": frame.clock.show(at), "amount": money::show(amount) }));
    }
    for _ in 0..dice.count(0, 2) {
        let list = if restoring.is_empty() || dice.chance(30) { &instants } else { &restoring };
        let at = near(dice, list);
        let most = if dice.chance(40) { 60 } else { 10 };
        let amount = part(dice, total, 1, most);
        add(&mut request["account"], "topUps", json!({ "at": frame.clock.show(at), "amount": money::show(amount) }));
    }
    for _ in 0..dice.count(0, 3) {
        let mut row = dice.pick(streams).clone();
        let at = near(dice, &instants);
        row["kind"] = json!("at");
        row["at"] = json!(frame.clock.show(at));
        row["calls"] = json!(dice.count(1, 30));
        add(request, "usage", row);
    }
    for arrears in &story.arrears {
        // The seconds around a stop and a top-up that ends it.
        if world.request.catalog.overdue.is_none() || !dice.chance(75) {
            continue;
        }
        let stop = story.works_until(arrears.since);
        let ended = arrears.ended.unwrap_or(stop + dice.between(1, 5 * DAY));
        let mut top_ups = Vec::new();
        if arrears.ended.is_none() && dice.chance(70) {
            // Enough for a while, or for not much more than what is owed.
            let least = -arrears.available;
            top_ups.push((ended, if dice.chance(35) { least + part(dice, total, 5, 80) } else { least + part(dice, least, 1, 40) }));
        }
        if arrears.available < 0 && dice.chance(50) {
            top_ups.push((stop + dice.between(0, (ended - stop).max(1)), part(dice, -arrears.available, 1, 60)));
        }
        for (at, amount) in top_ups {
            add(&mut request["account"], "topUps", json!({ "at": frame.clock.show(at), "amount": money::show(amount) }));
        }
        // What is soon debited again.
        for later in [HOUR, 2 * HOUR, 3 * HOUR].into_iter().filter(|later| ended + later < world.end) {
            let mut row = dice.pick(streams).clone();
            row["kind"] = json!("at");
            row["at"] = json!(frame.clock.show(ended + later));
            row["calls"] = json!(dice.count(20, 60));
            add(request, "usage", row);
        }
        let apis = &world.request.catalog.apis;
        let pays = |grant: &&Grant| grant.free.is_none() && grant.start() <= stop && stop < grant.end;
        let able: Vec<&Grant> = world.grants.iter().filter(pays).collect();
        let around = [stop - 1, stop, stop + HOUR, ended - 1, ended];
        for at in around.into_iter().filter(|at| world.start <= *at && *at < world.end) {
            let mut row = dice.pick(streams).clone();
            if dice.chance(50) && !able.is_empty() {
                let grant = dice.pick(&able);
                row = json!({ "api": apis[*dice.pick(&grant.apis)].id, "region": REGIONS[grant.regions[0]] });
                if let Some(project) = &grant.project {
                    row["project"] = json!(project);
                }
            }
            row["kind"] = json!("at");
            row["at"] = json!(frame.clock.show(at));
            row["calls"] = json!(dice.count(1, 9));
            add(request, "usage", row);
        }
    }
    if let (Some((released, restored)), true) = (story.stops.releases.first(), dice.chance(95)) {
        let at = near(dice, &[*released, restored.unwrap_or(*released), restored.unwrap_or(*released) + DAY]);
        let stream = dice.pick(streams).clone();
        if restored.is_none() {
            let amount = part(dice, total, 20, 80);
            let at = released + dice.between(0, DAY);
            add(&mut request["account"], "topUps", json!({ "at": frame.clock.show(at), "amount": money::show(amount) }));
        }
        if request.get("subscriptions").is_some() && dice.chance(70) {
            let row = json!({ "api": stream["api"], "region": stream["region"], "from": frame.clock.show(at) });
            add(request, "subscriptions", row);
        } else {
            let mut row = dice.pick(request["grants"].as_array().unwrap()).clone();
            let fields = row.as_object_mut().unwrap();
            for key in ["renewals", "id", "effective", "used"] {
                fields.remove(key);
            }
            row["created"] = json!(frame.clock.show(at));
            if dice.chance(85) {
                row["price"] = json!(dice.pick(&["0", "0.5", "1"]));
            }
            add(request, "grants", row);
        }
        for later in [at - 1, at, at + dice.between(0, 3 * DAY)] {
            let mut row = stream.clone();
            row["kind"] = json!("at");
            row["at"] = json!(frame.clock.show(later));
            row["calls"] = json!(dice.count(1, 9));
            add(request, "usage", row);
        }
    }
    late_renewal(dice, frame, story, request);
}

/// A renewal after the end of a package, or to a day of the month.
fn late_renewal(dice: &mut Dice, frame: &Frame, story: &Story, request: &mut Value) {
    let world = &story.account.world;
    let chains = account_states::chains(&world.grants);
    let firsts: Vec<&Vec<&Grant>> = chains.iter().filter(|chain| chain[0].copy == 0).collect();
    if firsts.is_empty() || !dice.chance(70) {
        return;
    }
    let last = *dice.pick(&firsts);
    let (id, last) = (&last[0].id, last[last.len() - 1]);
    let days = story.held.days.map_or(2, |days| days.package.grace * i64::from(dice.chance(70)) + days.package.retention);
    let at = match dice.between(0, 7) {
        0 => last.end - 1,
        1 => last.end,
        2 => last.end + days * DAY,
        3 => last.end + days * DAY - 1,
        4 => last.end - dice.between(1, 3 * DAY),
        _ => last.end + dice.between(0, (days * DAY).max(1)),
    };
    let Some(row) = ids(request).iter().position(|one| one == id) else { return };
    let rows = request["grants"].as_array_mut().unwrap();
    let before = rows[row]["renewals"].as_array().and_then(|rows| rows.last()).map_or(&rows[row]["created"], |row| &row["at"]);
    if at < frame.clock.read(before.as_str().unwrap()) {
        return;
    }
    let mut renewal = json!({ "at": frame.clock.show(at) });
    if dice.chance(40) {
        renewal["expiryDay"] = json!(dice.pick(&[1, 5, 15, 28, 29, 30, 31]));
        renewal["price"] = json!(dice.price(60));
    }
    let known = rows[row].clone();
    add(&mut rows[row], "renewals", renewal);
    if dice.chance(25) {
        return;
    }
    // A second one after it, from the day that the first one chose.
    let again = World::new(request);
    let end = again.grants.iter().filter(|grant| grant.free.is_none() && grant.row == row).map(|grant| grant.end).max().unwrap();
    if end > at && known["package"].is_string() {
        add(&mut request["grants"][row], "renewals", json!({ "at": frame.clock.show(dice.between(at, end)) }));
    }
}

/// A package that is not sold any more, after all that was bought by hand.
fn no_longer_sold(dice: &mut Dice, request: &mut Value) {
    let world = World::new(request);
    let bought: Vec<&Grant> = world.grants.iter().filter(|grant| grant.free.is_none()).collect();
    let renewed = |grant: &&&Grant| {
        let rows = request["account"]["autoRenew"].as_array();
        rows.into_iter().flatten().any(|row| row["grant"] == grant.id.as_str())
    };
    let watched: Vec<&&Grant> = bought.iter().filter(renewed).collect();
    let Some(one) = watched.get(dice.count(0, watched.len() as u64) as usize) else { return };
    let last = bought.iter().filter(|grant| grant.package == one.package).map(|grant| grant.created).max().unwrap();
    let until = last + dice.between(1, (one.end - last).clamp(1, 20 * DAY));
    let entered = one.place.starts_with("request");
    let list = if entered { &mut request["entered"]["packages"] } else { &mut request["catalog"]["packages"] };
    let rows = list.as_array_mut().unwrap().iter_mut().filter(|row| row["id"] == one.package.as_str());
    let mut rows: Vec<&mut Value> = rows.collect();
    if let [row] = rows.as_mut_slice()
        && grants::found_at(&world.request, world.clock, &one.package, until).is_some()
    {
        row["until"] = json!(world.clock.show(until));
    }
}

/// Alerts and budgets near what happens.
fn warn(dice: &mut Dice, story: &Story, request: &mut Value) {
    let account = &mut request["account"];
    let worths: Vec<i128> = story.after.iter().map(|(_, worth)| *worth).filter(|worth| *worth > 0).collect();
    if dice.chance(60) && !worths.is_empty() {
        let near = *dice.pick(&worths) + money::unit(2) * i128::from(*dice.pick(&[0, 0, 1, 100]));
        let near = near - near % money::unit(10);
        account["alerts"]["balanceBelow"] = json!(money::show(near));
    }
    let overlap = profile::chosen(request)["catalog"]["windows"] == "overlap";
    let account = &mut request["account"];
    // What of packages is in force in a window that they overlap, and when its calls took it, no text says.
    if dice.chance(60) && !overlap {
        account["alerts"]["leftAtMost"] = json!(dice.pick(&["0", "0.1", "0.2", "0.25", "0.5", "0.9", "1", "0.3333333333"]));
    }
    if dice.chance(60) && !overlap {
        account["alerts"]["expiresWithinDays"] = json!(dice.pick(&[0, 1, 2, 3, 7, 30]));
    }
    let world = &story.account.world;
    let hourly = request["catalog"]["settlement"] == "hour";
    for number in 0..*dice.pick(&[0, 1, 1, 2]) {
        let every = *dice.pick(if hourly { &["day", "month", "quarter", "year"] } else { &["month", "month", "quarter", "year"] });
        let first = clock::month(world.start) - *dice.pick(&[0, 0, 0, 1, 4]) + i32::from(dice.chance(10));
        let total = story.account.total().unwrap_or(0);
        let slices = if every == "day" { 10 } else { 2 };
        let amount = |dice: &mut Dice| money::show(part(dice, total / slices, 5, 150));
        let amount = match dice.chance(25) {
            true => (0..dice.count(1, 5)).map(|_| amount(dice)).collect(),
            false => json!(amount(dice)),
        };
        let mut budget = json!({ "id": format!("b{number}"), "every": every, "from": clock::month_name(first), "amount": amount });
        if dice.chance(15) {
            let months = match every {
                "quarter" => 3,
                "year" => 12,
                _ => 1,
            };
            budget["until"] = json!(clock::month_name(first + months * dice.between(1, 3) as i32));
        }
        let api = dice.pick(request["catalog"]["apis"].as_array().unwrap())["id"].clone();
        for (key, list) in
            [("apis", json!([api])), ("regions", json!([dice.pick(&REGIONS)])), ("projects", projects(dice)), ("kinds", kinds(dice))]
        {
            if dice.chance(18) {
                budget["scope"][key] = list;
            }
        }
        for _ in 0..dice.count(1, 3) {
            let alert = json!({ "on": dice.pick(&["actual", "actual", "forecast", "forecast"]),
                                "over": dice.pick(&["0.5", "0.8", "1", "1.2", "0.25"]) });
            // What is listed twice fires once.
            if !budget["alerts"].as_array().is_some_and(|alerts| alerts.contains(&alert)) {
                add(&mut budget, "alerts", alert);
            }
        }
        add(&mut request["account"], "budgets", budget);
    }
}

fn projects(dice: &mut Dice) -> Value {
    dice.pick(&[json!([""]), json!(["alpha"]), json!(["", "Beta"]), json!(["alpha", "Beta", "gamma"])]).clone()
}

fn kinds(dice: &mut Dice) -> Value {
    dice.pick(&[json!(["pay-per-use"]), json!(["package"]), json!(["package", "pay-per-use"])]).clone()
}
