# What a fuzzer must see of the code it feeds: which edges an input took. Clang's libFuzzer does the rest; under GCC, or
# a Clang without it, the targets get the driver of tests/fuzz, which mutates by the same signal. Every finding of the
# undefined behaviour sanitizer ends the program, so that its input is kept.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer)
check_cxx_source_compiles("#include <cstddef>
extern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, std::size_t) { return 0; }" GRADUS_LIBFUZZER)
unset(CMAKE_REQUIRED_FLAGS)
if(GRADUS_LIBFUZZER)
    add_compile_options(-fsanitize=fuzzer-no-link)
else()
    message(STATUS "No libFuzzer here: the fuzz targets use the driver of tests/fuzz")
    add_compile_options(-fsanitize-coverage=trace-pc)
endif()
add_compile_options(-fno-sanitize-recover=undefined)
