-- Apps that somebody stopped: when, and who.
alter table apps add column stopped_at bigint;
alter table apps add column stopped_by text;

-- The stop that a deploy ends, so that a start that fails goes back to it.
alter table deploys add column from_stopped_at bigint;
alter table deploys add column from_stopped_by text;

-- Projects in which nobody makes releases for a while.
alter table projects add column frozen_at bigint;
alter table projects add column frozen_by text;
alter table projects add column frozen_until bigint;
alter table projects add column freeze_reason text;
