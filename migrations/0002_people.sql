-- Roles on the platform, suspended teams and their limits, invitations, sessions that say where they are, and an audit log
-- whose lines are chained.

alter table people add column platform_role text; -- before: admin_since
update people set platform_role = 'admin' where admin_since is not null;

alter table teams add column suspended_at bigint;
alter table teams add column quota_apps bigint; -- no limit where NULL
alter table teams add column quota_replicas bigint;
alter table teams add column quota_memory bigint; -- MiB
alter table teams add column quota_cpu bigint; -- thousandths of a core

create table invitations (
    id text not null primary key,
    team_id text not null references teams (id) on delete cascade,
    email text not null,
    role text not null,
    token_hash text not null unique,
    invited_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    unique (team_id, email)
);
create index invitations_of_email on invitations (email);

alter table sessions add column browser text not null default '';
alter table sessions add column address text not null default '';

-- Lines from before the chain keep an empty hash; how many they are is remembered, so that no later line can pass for one.
alter table audit add column seq bigint not null default 0;
alter table audit add column hash text not null default '';
update audit set seq = (
    select count(*) from audit earlier where earlier.at < audit.at or (earlier.at = audit.at and earlier.id <= audit.id)
);
create unique index audit_by_seq on audit (seq);
create index audit_of_team_by_seq on audit (team_id, seq);
insert into counters (name, value) select 'audit', count(*) from audit;
insert into meta (key, value) select 'audit_before_chain', cast(count(*) as text) from audit;
