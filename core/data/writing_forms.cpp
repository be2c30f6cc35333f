// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/writing_forms.h"

#include "data/cosmosqa_task.h"
#include "data/mbpp.h"
#include "data/open_problems.h"

#include <algorithm>

namespace gradus::data {

namespace {

Result<WrittenRow> rightAnswer(const Table& table, const Row& row, const RoleCells& cells)
{
    auto question = cosmosQuestion(table, row, cells);
    if (!question) return question.error();
    return WrittenRow{.prompt = question->prompt(),
                      .response = " " + question->answers[question->label],
                      .group = std::move(question->context)};
}

Result<WrittenRow> solution(const Table& table, const Row& row, const RoleCells& cells)
{
    auto question = cellText(table, row, cells[0].front());
    if (!question) return question.error();
    const auto answer = cellText(table, row, cells[1].front());
    if (!answer) return answer.error();
    return WrittenRow{.prompt = numberPrompt(*question), .response = " " + *answer, .group = std::move(*question)};
}

Result<WrittenRow> functionAfter(const Table& table, const Row& row, const RoleCells& cells)
{
    auto prompt = cellText(table, row, cells[0].front());
    if (!prompt) return prompt.error();
    auto body = cellText(table, row, cells[1].front());
    if (!body) return body.error();
    return WrittenRow{.prompt = *prompt, .response = std::move(*body), .group = *prompt};
}

Result<WrittenRow> program(const Table& table, const Row& row, const RoleCells& cells)
{
    auto problem = mbppProblem(table, row, cells);
    if (!problem) return problem.error();
    return WrittenRow{.prompt = problem->prompt, .response = std::move(problem->code), .group = problem->prompt};
}

} // namespace

const std::vector<WritingForm>& writingForms()
{
    constexpr const char* kRightAnswer = "a context and a question, and the right answer that is learnt";
    static const std::vector<WritingForm> all{
        {"cosmosqa", kRightAnswer, cosmosRoles(), &rightAnswer},
        {"cosmosqa-choices", kRightAnswer, cosmosRoles(), &rightAnswer},
        {"gsm8k", "a word problem and the worked solution that is learnt", {{"question"}, {"answer"}}, &solution},
        {"humaneval",
         "the beginning of a function and the body that is learnt",
         {{"prompt"}, {"canonical_solution"}},
         &functionAfter},
        {"mbpp", "a task with its tests and the program that is learnt", mbppRoles(), &program}};
    return all;
}

const WritingForm* findWritingForm(const std::string& name)
{
    const auto found = std::ranges::find(writingForms(), name, &WritingForm::name);
    return found == writingForms().end() ? nullptr : &*found;
}

std::string writingFormNames()
{
    std::string names;
    for (const WritingForm& form : writingForms())
        names += (names.empty() ? "" : ", ") + form.name;
    return names;
}

} // namespace gradus::data
