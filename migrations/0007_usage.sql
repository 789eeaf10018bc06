-- What ran, what it cost by which rates, and what things were called. Nothing here refers to apps, releases or teams by a
-- foreign key: what was used stays on its statement when they are gone.

-- A row for each replica that ever ran. A task of the orchestrator runs once, so its name is the key: however often and by
-- however many controllers it is reported, there is one row.
create table usage (
    release_id text not null,
    task text not null,
    app_id text not null,
    number bigint not null, -- of the release
    node text not null,
    memory bigint not null, -- MiB that it reserved
    cpu bigint not null, -- thousandths of a core that it reserved
    began_at bigint not null,
    seen_at bigint not null, -- until when it is known to have run
    ended_at bigint, -- NULL while it runs; else the same as seen_at
    primary key (release_id, task)
);
create index usage_of_app on usage (app_id, seen_at);
create index usage_by_end on usage (seen_at);
create index usage_open on usage (ended_at) where ended_at is null;

-- What an app and those it belongs to are called, or were called last.
create table billed_apps (
    app_id text not null primary key,
    app_name text not null,
    project_name text not null,
    team_id text not null,
    team_name text not null
);
create index billed_apps_of_team on billed_apps (team_id);

create table rates (
    id text not null primary key,
    subject text not null, -- 'memory', 'exchange:USD', 'tax'
    value bigint not null, -- billionths
    currency text, -- of a price
    share bigint not null, -- billionths
    valid_from bigint not null,
    valid_until bigint,
    set_by text not null,
    set_at bigint not null,
    unique (subject, valid_from)
);
