//! Draws: the longest runs of calls of one API, region and project that one grant serves in one cycle.

use crate::calls::{Asked, Call, Fate};
use crate::seen::{self, Seen};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

struct Run {
    cycle: i64,
    first: usize,
    grant: usize,
    from: i64,
    to: i64,
    calls: u64,
    units: u64,
    left: u64,
    key: &'static str,
    over: Option<usize>,
}

pub fn show(world: &World, asked: &[Asked], calls: &[Call], seen: &mut Seen) -> Value {
    let mut runs: Vec<Run> = Vec::new();
    // The run that a stream is in; another payer ends it, a refused or failed request does not.
    let mut current: BTreeMap<(usize, usize, Option<&str>), usize> = BTreeMap::new();
    for call in calls.iter().filter(|call| asked[call.asked].at >= world.start) {
        let request = &asked[call.asked];
        let stream = (request.api, request.region, request.project.as_deref());
        match &call.fate {
            Fate::Charged { .. } => drop(current.remove(&stream)),
            Fate::Drawn { grant, units, left, key, over } => {
                let cycle = world.cycle(request.at).0;
                match current.get(&stream).map(|&at| &mut runs[at]) {
                    Some(run) if run.grant == *grant && run.cycle == cycle => {
                        run.to = request.at + 1;
                        run.calls += 1;
                        run.units += units;
                        run.left = *left;
                    }
                    _ => {
                        current.insert(stream, runs.len());
                        let (from, to) = (request.at, request.at + 1);
                        runs.push(Run {
                            cycle,
                            first: call.asked,
                            grant: *grant,
                            from,
                            to,
                            calls: 1,
                            units: *units,
                            left: *left,
                            key,
                            over: *over,
                        });
                    }
                }
            }
            Fate::NotCounted | Fate::Rejected(_) => {}
        }
    }
    runs.iter().map(|run| show_run(world, &asked[run.first], run, seen)).collect()
}

fn show_run(world: &World, first: &Asked, run: &Run, seen: &mut Seen) -> Value {
    seen::drawn(run.key, seen);
    let mut because = json!({ "key": run.key });
    if let Some(over) = run.over {
        because["over"] = json!(world.grants[over].id);
    }
    let mut shown = json!({
        "from": world.clock.show(run.from),
        "to": world.clock.show(run.to),
        "api": world.request.catalog.apis[first.api].id,
        "region": world.request.catalog.regions[first.region].id,
        "grant": world.grants[run.grant].id,
        "calls": run.calls,
        "units": run.units,
        "left": run.left,
        "because": because,
    });
    if let Some(project) = &first.project {
        shown["project"] = json!(project);
    }
    shown
}
