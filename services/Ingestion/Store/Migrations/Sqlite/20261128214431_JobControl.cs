using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Ingestion.Store.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class JobControl : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_items_overdue_at",
                table: "items");

            migrationBuilder.AddColumn<long>(
                name: "cancelled",
                table: "jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "is_paused",
                table: "jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "on_duplicate",
                table: "jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "priority",
                table: "jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 2);

            migrationBuilder.AddColumn<double>(
                name: "rate",
                table: "jobs",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "rate_since",
                table: "jobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "attempt",
                table: "items",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "is_held",
                table: "items",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "retried_at",
                table: "items",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_jobs_priority",
                table: "jobs",
                column: "priority",
                filter: "state IN (1, 2)");

            migrationBuilder.CreateIndex(
                name: "IX_items_overdue_at",
                table: "items",
                column: "overdue_at",
                filter: "outcome IS NULL AND NOT is_held");

            migrationBuilder.CreateIndex(
                name: "IX_items_tenant_id_job_id_item_id",
                table: "items",
                columns: new[] { "tenant_id", "job_id", "item_id" },
                filter: "is_held");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_jobs_priority",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "IX_items_overdue_at",
                table: "items");

            migrationBuilder.DropIndex(
                name: "IX_items_tenant_id_job_id_item_id",
                table: "items");

            migrationBuilder.DropColumn(
                name: "cancelled",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "is_paused",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "on_duplicate",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "priority",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "rate",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "rate_since",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "attempt",
                table: "items");

            migrationBuilder.DropColumn(
                name: "is_held",
                table: "items");

            migrationBuilder.DropColumn(
                name: "retried_at",
                table: "items");

            migrationBuilder.CreateIndex(
                name: "IX_items_overdue_at",
                table: "items",
                column: "overdue_at",
                filter: "outcome IS NULL");
        }
    }
}
