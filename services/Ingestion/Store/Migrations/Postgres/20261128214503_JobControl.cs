using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Ingestion.Store.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class JobControl : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_items_overdue_at",
                schema: "ingestion",
                table: "items");

            migrationBuilder.AddColumn<long>(
                name: "cancelled",
                schema: "ingestion",
                table: "jobs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "is_paused",
                schema: "ingestion",
                table: "jobs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "on_duplicate",
                schema: "ingestion",
                table: "jobs",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "priority",
                schema: "ingestion",
                table: "jobs",
                type: "integer",
                nullable: false,
                defaultValue: 2);

            migrationBuilder.AddColumn<double>(
                name: "rate",
                schema: "ingestion",
                table: "jobs",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "rate_since",
                schema: "ingestion",
                table: "jobs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "attempt",
                schema: "ingestion",
                table: "items",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "is_held",
                schema: "ingestion",
                table: "items",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "retried_at",
                schema: "ingestion",
                table: "items",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_jobs_priority",
                schema: "ingestion",
                table: "jobs",
                column: "priority",
                filter: "state IN (1, 2)");

            migrationBuilder.CreateIndex(
                name: "IX_items_overdue_at",
                schema: "ingestion",
                table: "items",
                column: "overdue_at",
                filter: "outcome IS NULL AND NOT is_held");

            migrationBuilder.CreateIndex(
                name: "IX_items_tenant_id_job_id_item_id",
                schema: "ingestion",
                table: "items",
                columns: new[] { "tenant_id", "job_id", "item_id" },
                filter: "is_held");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_jobs_priority",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "IX_items_overdue_at",
                schema: "ingestion",
                table: "items");

            migrationBuilder.DropIndex(
                name: "IX_items_tenant_id_job_id_item_id",
                schema: "ingestion",
                table: "items");

            migrationBuilder.DropColumn(
                name: "cancelled",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "is_paused",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "on_duplicate",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "priority",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "rate",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "rate_since",
                schema: "ingestion",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "attempt",
                schema: "ingestion",
                table: "items");

            migrationBuilder.DropColumn(
                name: "is_held",
                schema: "ingestion",
                table: "items");

            migrationBuilder.DropColumn(
                name: "retried_at",
                schema: "ingestion",
                table: "items");

            migrationBuilder.CreateIndex(
                name: "IX_items_overdue_at",
                schema: "ingestion",
                table: "items",
                column: "overdue_at",
                filter: "outcome IS NULL");
        }
    }
}
