# SQLite 3.51.3 or later: every 3.7.0 to 3.51.2 can corrupt a WAL store when two connections write and checkpoint at
# once. Where the system's library is older, the public-domain amalgamation that packaging/run fetched is compiled in.
set(GRADUS_SQLITE_MINIMUM 3.51.3)
find_package(SQLite3 QUIET)
if(SQLite3_FOUND AND NOT SQLite3_VERSION VERSION_LESS GRADUS_SQLITE_MINIMUM)
    add_library(GradusSqlite ALIAS SQLite::SQLite3)
    message(STATUS "SQLite ${SQLite3_VERSION} of the system")
else()
    set(GRADUS_SQLITE_DIR "${CMAKE_SOURCE_DIR}/.deps/sqlite" CACHE PATH "Folder with sqlite3.c and sqlite3.h")
    if(NOT EXISTS ${GRADUS_SQLITE_DIR}/sqlite3.c)
        message(FATAL_ERROR "SQLite ${GRADUS_SQLITE_MINIMUM} or later is needed and the system has '${SQLite3_VERSION}'. "
                            "Run packaging/run once (it fetches the amalgamation), or set GRADUS_SQLITE_DIR.")
    endif()
    add_library(gradus_sqlite STATIC ${GRADUS_SQLITE_DIR}/sqlite3.c)
    target_include_directories(gradus_sqlite SYSTEM PUBLIC ${GRADUS_SQLITE_DIR})
    target_compile_definitions(gradus_sqlite PUBLIC SQLITE_THREADSAFE=1 PRIVATE SQLITE_DQS=0 SQLITE_ENABLE_FTS5
        SQLITE_ENABLE_DBSTAT_VTAB
        SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_OMIT_DEPRECATED SQLITE_OMIT_LOAD_EXTENSION)
    target_compile_options(gradus_sqlite PRIVATE -w -O2)
    target_link_libraries(gradus_sqlite PUBLIC ${CMAKE_DL_LIBS} m)
    add_library(GradusSqlite ALIAS gradus_sqlite)
    file(STRINGS ${GRADUS_SQLITE_DIR}/sqlite3.h _sqlite_version REGEX "define SQLITE_VERSION ")
    message(STATUS "SQLite amalgamation in ${GRADUS_SQLITE_DIR}: ${_sqlite_version}")
endif()
