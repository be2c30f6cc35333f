# Headers that many files of one kind read and that rarely change are read once: Qt's test and widget headers, CLI11 and
# nlohmann/json. A source still includes what it uses: compiled without (GRADUS_PRECOMPILED=OFF) it has to build as well.
set(_gradus_precompiled OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(_gradus_precompiled ON)
endif()
option(GRADUS_PRECOMPILED "Precompile the headers of Qt and CLI11 (GCC)" ${_gradus_precompiled})
if(GRADUS_PRECOMPILED)
    # What ccache needs in order to keep objects that were made with a precompiled header.
    set(GRADUS_PRECOMPILED_OPTIONS $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
    if(GRADUS_CCACHE AND CMAKE_CXX_COMPILER_LAUNCHER STREQUAL GRADUS_CCACHE)
        set(CMAKE_CXX_COMPILER_LAUNCHER
            env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${GRADUS_CCACHE})
    endif()
endif()

# gradus_precompile(TARGET HEADER ...): TARGET and those that borrow from it read HEADERs precompiled.
function(gradus_precompile target)
    if(GRADUS_PRECOMPILED)
        target_precompile_headers(${target} PRIVATE ${ARGN})
        target_compile_options(${target} PRIVATE ${GRADUS_PRECOMPILED_OPTIONS})
    endif()
endfunction()

# gradus_without_false_alarms(SOURCE ...): with a precompiled header GCC 12 sees copies of std::string that are not there
# (GCC bug 105651), under other names than without one.
function(gradus_without_false_alarms)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        set_source_files_properties(${ARGN} PROPERTIES
            COMPILE_OPTIONS "-Wno-stringop-overflow;-Wno-array-bounds;-Wno-stringop-overread")
    endif()
endfunction()

# gradus_borrow_precompiled(TARGET FROM): for targets of the same flags and definitions.
function(gradus_borrow_precompiled target from)
    if(GRADUS_PRECOMPILED AND TARGET ${from})
        target_precompile_headers(${target} REUSE_FROM ${from})
        target_compile_options(${target} PRIVATE ${GRADUS_PRECOMPILED_OPTIONS})
    endif()
endfunction()
