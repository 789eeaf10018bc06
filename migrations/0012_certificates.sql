-- Certificates that HTTPS is served by. They are kept so that a file that is damaged later takes nothing away.
create table certificates (
    id text not null primary key, -- where it comes from: "files"
    chain text not null, -- PEM
    private_key text not null, -- sealed
    taken_at bigint not null
);
