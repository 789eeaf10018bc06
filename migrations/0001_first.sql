-- One text for SQLite and PostgreSQL: ids and JSON are TEXT, moments are BIGINT milliseconds UTC, a switch is the moment
-- at which it was thrown. What is sealed says so.

create table people (
    id text not null primary key,
    email text not null unique,
    name text not null,
    admin_since bigint,
    created_at bigint not null
);

create table sessions (
    id text not null primary key, -- hashed by who calls
    data text not null,
    person_id text references people (id) on delete cascade,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index sessions_of_person on sessions (person_id);
create index sessions_by_expiry on sessions (expires_at);

create table sign_in_links (
    hash text not null primary key,
    expires_at bigint not null
);

create table teams (
    id text not null primary key,
    name text not null unique,
    created_at bigint not null
);

create table members (
    team_id text not null references teams (id) on delete cascade,
    person_id text not null references people (id) on delete cascade,
    role text not null,
    created_at bigint not null,
    primary key (team_id, person_id)
);
create index members_of_person on members (person_id);

create table projects (
    id text not null primary key,
    team_id text not null references teams (id),
    name text not null,
    created_at bigint not null,
    deleted_at bigint
);
create unique index projects_live_name on projects (team_id, name) where deleted_at is null;

-- A name is free again only when the app is purged: until then its replicas may still run under it.
create table apps (
    id text not null primary key,
    project_id text not null references projects (id),
    name text not null unique,
    active_release text,
    created_at bigint not null,
    deleted_at bigint
);
create index apps_of_project on apps (project_id);

create table releases (
    id text not null primary key,
    app_id text not null references apps (id),
    number bigint not null,
    repository text not null,
    tag text not null,
    digest text not null,
    source text not null, -- 'registry', or 'engine' for an image that only the engine has
    settings text not null, -- JSON without the variables
    variables text not null, -- sealed JSON
    made_by text not null,
    made_at bigint not null,
    reason text not null,
    unique (app_id, number)
);

create table deploys (
    id text not null primary key,
    app_id text not null references apps (id),
    release_id text not null references releases (id),
    from_release text references releases (id),
    state text not null,
    reason text not null,
    last_lines text not null, -- JSON
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    cancel_requested_at bigint,
    lost_requests bigint not null
);
create unique index deploys_under_way on deploys (app_id) where ended_at is null;
create index deploys_of_app on deploys (app_id, started_at);

create table deploy_steps (
    deploy_id text not null references deploys (id) on delete cascade,
    step text not null,
    started_at bigint not null,
    ended_at bigint,
    outcome text,
    detail text not null,
    primary key (deploy_id, step)
);

create table registries (
    address text not null primary key,
    username text not null,
    password text not null, -- sealed
    updated_at bigint not null
);

-- No foreign keys: it outlives what it tells of.
create table audit (
    id text not null primary key,
    at bigint not null,
    team_id text,
    actor_email text not null,
    door text not null,
    address text not null,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    subject_name text not null,
    detail text not null
);
create index audit_of_team on audit (team_id, at);
create index audit_of_subject on audit (subject_id, at);

create table counters (
    name text not null primary key,
    value bigint not null
);

create table meta (
    key text not null primary key,
    value text not null
);
