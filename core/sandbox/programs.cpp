// SPDX-License-Identifier: GPL-3.0-or-later
// The static programs, put into this library's read-only data by the assembler.
#include "sandbox/keeper_process.h"

#define GRADUS_EMBED(NAME, PATH)                                                                                       \
    asm(".pushsection .rodata\n.balign 16\n.global gradus_" #NAME "_begin\ngradus_" #NAME "_begin:\n.incbin \"" PATH   \
        "\"\n.global gradus_" #NAME "_end\ngradus_" #NAME "_end:\n.byte 0\n.popsection\n");                            \
    extern "C" const char gradus_##NAME##_begin[];                                                                     \
    extern "C" const char gradus_##NAME##_end[];

GRADUS_EMBED(helper, GRADUS_HELPER_PROGRAM)
GRADUS_EMBED(keeper, GRADUS_KEEPER_PROGRAM)
GRADUS_EMBED(probe, GRADUS_PROBE_PROGRAM)
GRADUS_EMBED(mend, GRADUS_MEND_PROGRAM)

namespace gradus::sandbox {

std::string_view helperProgram()
{
    return {gradus_helper_begin, gradus_helper_end};
}
std::string_view keeperProgram()
{
    return {gradus_keeper_begin, gradus_keeper_end};
}
std::string_view statxMend()
{
    return {gradus_mend_begin, gradus_mend_end};
}
std::string_view probeProgram()
{
    return {gradus_probe_begin, gradus_probe_end};
}

} // namespace gradus::sandbox
