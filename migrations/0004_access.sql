-- Who may open apps, and the gate that asks.

-- An app without a row here is open to nobody but people who may sign in.
create table access (
    app_id text not null primary key references apps (id) on delete cascade,
    access text not null, -- JSON
    changed_by text not null,
    changed_at bigint not null
);
-- Apps that are there stay as they were: open to everybody.
insert into access (app_id, access, changed_by, changed_at)
    select id, '{"who":"public","open_paths":[]}', '', created_at from apps;

create table gate_keys (
    id text not null primary key,
    pass text not null, -- sealed
    assertion text not null, -- sealed
    created_at bigint not null
);

create table gate_codes (
    hash text not null primary key,
    app_id text not null references apps (id) on delete cascade,
    host text not null,
    nonce text not null, -- hashed by the ingress
    person_id text not null references people (id) on delete cascade,
    session text not null, -- a hash, as in sessions
    path text not null,
    expires_at bigint not null
);
create index gate_codes_by_expiry on gate_codes (expires_at);

-- Sessions from which a pass was made, until the last of these passes ends.
create table gate_sessions (
    session text not null primary key,
    expires_at bigint not null
);
create index gate_sessions_by_expiry on gate_sessions (expires_at);

-- Who asks to be let in.
create table access_requests (
    app_id text not null references apps (id) on delete cascade,
    person_id text not null references people (id) on delete cascade,
    asked_at bigint not null,
    primary key (app_id, person_id)
);
