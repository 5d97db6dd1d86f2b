//! What would have avoided a charge by calling something else: the same API in another region, or another API where the calls were made.
//!
//! The calls are moved, the question is asked again, and they are put back.

use crate::catalog::among;
use crate::change::{Change, ChangeKind, Hit, TARGETS_MAX, Target, Trials, lies_elsewhere};
use crate::grant::Grant;
use crate::rulebook::ClassKind;
use crate::sort::{sort_by, sort_by_key};
use crate::usage::Stream;
use std::rc::Rc;

impl Trials<'_> {
    /// The calls, made in each region where they are free.
    pub fn call_where_free(&mut self, hits: &[&Hit]) {
        for Target { api, .. } in self.targets(hits).into_iter().take(TARGETS_MAX) {
            let free = self.question.grants.iter().filter(|it| it.kind == ClassKind::Free && it.apis.contains(&api));
            let mut regions: Vec<usize> = free.filter_map(|grant| grant.regions.clone()).flatten().collect();
            regions.dedup();
            let (offered, regions_of) = (&self.question.catalog.apis[api], &self.question.catalog.regions);
            regions.retain(|&region| among(&offered.regions, &regions_of[region].id));
            let (api_id, moving) = (offered.id.clone(), hits.iter().map(|hit| hit.stream));
            let moving: Vec<usize> = moving.filter(|&s| self.question.streams[s].api == api).collect();
            for region in regions {
                let change = Change {
                    region: Some(self.question.catalog.regions[region].id.clone()),
                    api: Some(api_id.clone()),
                    ..ChangeKind::CallOtherRegion.at(None)
                };
                self.try_moved(change, &moving, |stream| stream.region = region);
            }
        }
    }

    /// The calls of one API, made in the region in which a package for it was bought.
    pub fn call_in_region(&mut self, hits: &[&Hit]) {
        let elsewhere = self.culprits(hits, |stream, at| self.purchases(|it| lies_elsewhere(it, stream) && it.in_term(at)));
        for culprit in elsewhere {
            let grant = &self.question.grants[culprit.grant];
            let Some(region) = grant.regions.as_ref().and_then(|regions| regions.first().copied()) else { continue };
            let api = self.question.streams[culprit.stream].api;
            let moving = self.streams_of(hits, |stream| stream.api == api && stream.region != region);
            let change = Change {
                region: Some(self.question.catalog.regions[region].id.clone()),
                api: Some(self.question.catalog.apis[api].id.clone()),
                ..self.of_grant(ChangeKind::CallInRegion, culprit.grant, None)
            };
            self.try_moved(change, &moving, |stream| stream.region = region);
        }
    }

    /// The calls of one API in one region, made of the first API there that a package bought for others covers. Only where both count a
    /// request as the same number of calls.
    pub fn call_other_api(&mut self, hits: &[&Hit]) {
        let for_others = self.culprits(hits, |stream, at| {
            let fits = |it: &Grant| {
                !it.apis.contains(&stream.api) && it.serves_region(stream.region) && it.serves_project(stream.project.as_deref())
            };
            self.purchases(|it| it.kind != ClassKind::Free && fits(it) && it.in_term(at))
        });
        let catalog = Rc::clone(&self.question.catalog);
        for culprit in for_others {
            let (called, region) = (self.question.streams[culprit.stream].api, self.question.streams[culprit.stream].region);
            let region_id = &catalog.regions[region].id;
            let counts = |api: usize| catalog.apis[api].calls_per_request.map_or(1, |calls| calls.0);
            let alike = |&&api: &&usize| among(&catalog.apis[api].regions, region_id) && counts(api) == counts(called);
            let Some(&covered) = self.question.grants[culprit.grant].apis.iter().find(alike) else { continue };
            let moving = self.streams_of(hits, |stream| (stream.api, stream.region) == (called, region));
            let change = Change {
                region: Some(region_id.clone()),
                api: Some(catalog.apis[covered].id.clone()),
                instead: Some(catalog.apis[called].id.clone()),
                ..self.of_grant(ChangeKind::CallOtherApi, culprit.grant, None)
            };
            self.try_moved(change, &moving, |stream| stream.api = covered);
        }
    }

    /// The streams with charged calls that fit.
    fn streams_of(&self, hits: &[&Hit], fits: impl Fn(&Stream) -> bool) -> Vec<usize> {
        hits.iter().map(|hit| hit.stream).filter(|&s| fits(&self.question.streams[s])).collect()
    }

    /// A change by which some streams are called elsewhere.
    fn try_moved(&mut self, change: Change, moving: &[usize], put: impl Fn(&mut Stream)) {
        let request = self.asked.clone();
        let home: Vec<(usize, usize)> = self.question.streams.iter().map(|stream| (stream.api, stream.region)).collect();
        moving.iter().for_each(|&s| put(&mut self.question.streams[s]));
        let order = arrange(&mut self.question.streams);
        self.try_one(change, &request);
        put_back(&mut self.question.streams, order, &home);
    }
}

/// Puts streams into the order in which requests of one instant are taken, after some moved; where each stood before.
fn arrange(streams: &mut Vec<Stream>) -> Vec<usize> {
    let mut placed: Vec<(usize, Stream)> = std::mem::take(streams).into_iter().enumerate().collect();
    sort_by(&mut placed, |(_, a), (_, b)| (a.api, a.region, &a.project, &a.user).cmp(&(b.api, b.region, &b.project, &b.user)));
    let (order, sorted) = placed.into_iter().unzip();
    *streams = sorted;
    group(streams);
    order
}

/// Undoes it.
fn put_back(streams: &mut Vec<Stream>, order: Vec<usize>, home: &[(usize, usize)]) {
    let mut placed: Vec<(usize, Stream)> = order.into_iter().zip(std::mem::take(streams)).collect();
    sort_by_key(&mut placed, |(place, _)| *place);
    streams.extend(placed.into_iter().map(|(_, stream)| stream));
    streams.iter_mut().zip(home).for_each(|(stream, &(api, region))| (stream.api, stream.region) = (api, region));
    group(streams);
}

/// Streams of one API, region and project share a group.
fn group(streams: &mut [Stream]) {
    let mut group = 0;
    for s in 0..streams.len() {
        let same = |a: &Stream, b: &Stream| (a.api, a.region, &a.project) == (b.api, b.region, &b.project);
        if s > 0 && !same(&streams[s - 1], &streams[s]) {
            group += 1;
        }
        streams[s].group = group;
    }
}
